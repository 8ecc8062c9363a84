/* SPDX-License-Identifier: Apache-2.0
 * The places of a crisis as the operator's commands read them. */
#ifndef MUSTER_PLACES_H
#define MUSTER_PLACES_H

#include "cli.h"
#include "core/arena.h"
#include "exchange/place_sheet.h"

struct places_known {
    struct arena *arena;
    struct slice country; /* empty: there is no such crisis */
    struct gazetteer_row *rows;
    size_t count;
};

/* Copies into the arena. False after saying why. */
bool places_read(struct cli *cli, const char *crisis, struct places_known *known);

/* As `import places`, without a word: the places of a sample crisis. False after saying why. */
bool import_sample(struct cli *cli, const char *crisis, const char *text);

#endif
