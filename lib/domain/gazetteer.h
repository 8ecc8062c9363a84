/* SPDX-License-Identifier: Apache-2.0
 * Place names that a text message may give instead of a position. */
#ifndef DOMAIN_GAZETTEER_H
#define DOMAIN_GAZETTEER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"

/* A town is not a point: how far from its middle someone in it may be, metres. */
#define GAZETTEER_ACCURACY_M 5000.0
/* Whose towns these are, ISO 3166-1 alpha-2. */
#define GAZETTEER_COUNTRY "NE"
enum { GAZETTEER_WORDS_MAX = 3 };

struct gazetteer_place {
    const char *folded; /* at most GAZETTEER_WORDS_MAX words */
    const char *name;
    double lat;
    double lon;
    bool common_word; /* also an ordinary word of some language: a place only behind "in", "at", "near" */
};

size_t gazetteer_count(void);
/* NULL past the end. */
const struct gazetteer_place *gazetteer_at(size_t index);
/* The place of that folded name, or NULL. */
const struct gazetteer_place *gazetteer_find(struct slice folded_name);

#endif
