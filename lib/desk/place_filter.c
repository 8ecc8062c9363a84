/* SPDX-License-Identifier: Apache-2.0
 * What officers choose has the name that GET /api/v1/places tells, with its town where it has one. */
#include "desk/place_filter.h"

#include "store/place.h"

enum { NAME_MAX_BYTES = 200 };

bool place_filter_parse(struct slice value, struct slice *place)
{
    *place = value;
    return value.length <= NAME_MAX_BYTES;
}

void place_filter_ask(struct desk_call *call, struct slice place)
{
    struct pg_params params;
    pg_params_init(&params);
    pg_add_text(&params, place);
    desk_call_query(call, PG_PLACE_NAMED, &params);
}

const struct place_cells *place_filter_read(struct desk_call *call, const PGresult *rows)
{
    struct field_errors errors = {.count = 0};
    struct place_cells *cells = arena_array(call->arena, 1, sizeof(*cells));
    if (cells == NULL) {
        desk_refuse_for(call, 503, NULL, 1);
        return NULL;
    }
    cells->count = 0;
    for (int i = 0; i < PQntuples(rows); i++) {
        struct place_named_row row;
        if (place_named_read(rows, i, &row)) {
            place_cells_add(cells, row.kind, row.lat, row.lon);
        }
    }
    if (cells->count == 0) {
        field_error_add(&errors, FIELD_NOT_A_VALUE, "place");
        desk_refuse_fields(call, 400, &errors);
        return NULL;
    }
    return cells;
}
