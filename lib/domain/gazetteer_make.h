/* SPDX-License-Identifier: Apache-2.0
 * A gazetteer of the towns that are shipped for a country and the places that an operator brought. */
#ifndef DOMAIN_GAZETTEER_MAKE_H
#define DOMAIN_GAZETTEER_MAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/gazetteer.h"

enum { GAZETTEER_PLACES_MAX = 2000, GAZETTEER_OTHER_NAMES_MAX = 12 }; /* of a crisis; of a place */

struct gazetteer_row {
    enum gazetteer_kind kind;
    struct slice name;
    struct slice within; /* any name of a town; empty: none */
    struct slice others[GAZETTEER_OTHER_NAMES_MAX];
    size_t other_count;
    double lat, lon;
    bool common_word;
};

/* "town", "quarter", "landmark", "crossing": as in register.place. False when it is none of these. */
bool gazetteer_kind_read(struct slice name, enum gazetteer_kind *kind);
const char *gazetteer_kind_name(enum gazetteer_kind kind);

/* In the arena, with copies of the rows' texts. A row of a town that is shipped gives that town its position and further names. What has no letters,
 * or more than GAZETTEER_WORDS_MAX words, is no name and is passed over. NULL: memory is out. */
const struct gazetteer *gazetteer_make(struct arena *arena, struct slice country, const struct gazetteer_row *rows,
                                       size_t count);

#endif
