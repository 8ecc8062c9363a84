/* SPDX-License-Identifier: Apache-2.0
 * The places of a crisis's country by the names people type: the towns that are shipped, and what its operator brought (gazetteer_make.h). */
#ifndef DOMAIN_GAZETTEER_H
#define DOMAIN_GAZETTEER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"

/* A town is not a point: how far from its middle someone in it may be, metres. */
#define GAZETTEER_ACCURACY_M 5000.0

enum { GAZETTEER_WORDS_MAX = 6, GAZETTEER_NAME_MAX = 80 }; /* of a name; bytes of one that is folded */

enum gazetteer_kind { GAZETTEER_TOWN, GAZETTEER_QUARTER, GAZETTEER_LANDMARK, GAZETTEER_CROSSING };

struct gazetteer_place {
    const char *folded; /* one of its names, at most GAZETTEER_WORDS_MAX words */
    const char *name;   /* as it is shown: "Dosso", "Yantala, Niamey" */
    const char *within; /* the name of the town it is in, or "" */
    double lat;
    double lon;
    enum gazetteer_kind kind;
    bool
        common_word; /* also an ordinary word of some language. Of a town: it counts only behind "in", "at", "near", or alone. Of what is in a
                         town: it is asked after, unless its town is named too */
};

struct gazetteer;

/* The towns shipped for a country (ISO 3166-1 alpha-2); of most countries none. */
const struct gazetteer *gazetteer_of_country(struct slice country);

/* Names, in the order of their folded bytes: a place is there once under each of its names. */
size_t gazetteer_count(const struct gazetteer *gazetteer);
/* NULL past the end. */
const struct gazetteer_place *gazetteer_at(const struct gazetteer *gazetteer, size_t index);
/* The first of `count` places of that folded name, which stand behind one another; or NULL. */
const struct gazetteer_place *gazetteer_find(const struct gazetteer *gazetteer, struct slice folded_name,
                                             size_t *count);
/* The town of that folded name, or NULL. */
const struct gazetteer_place *gazetteer_town(const struct gazetteer *gazetteer, struct slice folded_name);
/* Whether the folded word stands in a name. */
bool gazetteer_has_word(const struct gazetteer *gazetteer, struct slice word);
/* Of those places the towns that are shipped, whose names were read against the words of texts. */
const struct gazetteer *gazetteer_shipped(const struct gazetteer *gazetteer);
/* How far from its position someone there may be, metres. */
double gazetteer_accuracy(enum gazetteer_kind kind);

#endif
