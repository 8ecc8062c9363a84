/* SPDX-License-Identifier: Apache-2.0
 * A list or its counts narrowed to a place of the gazetteer by its name: where it is the register is asked, and the cells are made of that. */
#ifndef DESK_PLACE_FILTER_H
#define DESK_PLACE_FILTER_H

#include <stdbool.h>

#include "desk/desk_call.h"
#include "domain/place_cells.h"

/* `place` of a query: some text, no longer than names are. */
bool place_filter_parse(struct slice value, struct slice *place);
/* Asks where it is; the rows come to call->step. */
void place_filter_ask(struct desk_call *call, struct slice place);
/* Reads them, in the arena. NULL when it refused: there is no such place, or memory is out. */
const struct place_cells *place_filter_read(struct desk_call *call, const PGresult *rows);

#endif
