/* SPDX-License-Identifier: Apache-2.0
 * What a gazetteer is made of; private to gazetteer.c and gazetteer_make.c. */
#ifndef DOMAIN_GAZETTEER_TABLE_H
#define DOMAIN_GAZETTEER_TABLE_H

#include "domain/gazetteer.h"

struct gazetteer {
    const struct gazetteer_place *places; /* by folded name, then by name */
    size_t count;
    const struct slice *words; /* that stand in names, each once, in order; NULL: looked for in the names */
    size_t word_count;
    const struct gazetteer *shipped; /* what it was made of; NULL: it is that itself */
};

#endif
