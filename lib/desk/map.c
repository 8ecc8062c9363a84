/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/map and /api/v1/places: open cases by cell, as the courier counted them last, and what else is on the map. Counts of cells as coarse
 * as the register keeps in the clear: no look at a person, so nothing for the audit. */
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "desk/map_filter.h"
#include "domain/place.h"
#include "store/map.h"

enum { CELLS_MAX = 2000 };

static json_t *point(double lon, double lat)
{
    return json_pack("{s:s, s:[f, f]}", "type", "Point", "coordinates", lon, lat);
}

/* A ring goes against the clock and ends where it began (RFC 7946 section 3.1.6). */
static json_t *area(const struct cell_edges *e)
{
    return json_pack("{s:s, s:[[[f, f], [f, f], [f, f], [f, f], [f, f]]]}", "type", "Polygon", "coordinates", e->west,
                     e->south, e->east, e->south, e->east, e->north, e->west, e->north, e->west, e->south);
}

static json_t *counts_of(struct render *render, const struct map_cell_row *row)
{
    json_t *counts = json_object();
    render_set(render, counts, "band", render_number_or_null(row->band));
    render_set(render, counts, "open", json_integer(row->open));
    render_set(render, counts, "unclaimed", json_integer(row->unclaimed));
    render_set(render, counts, "late", json_integer(row->late));
    render_set(render, counts, "people", json_integer(row->people));
    render_set(render, counts, "queues", json_loadb(row->queues.data, row->queues.length, 0, NULL));
    return counts;
}

static json_t *feature_of(struct render *render, json_t *geometry, json_t *properties)
{
    json_t *feature = json_object();
    render_set(render, feature, "type", json_string("Feature"));
    render_set(render, feature, "geometry", geometry);
    render_set(render, feature, "properties", properties);
    return feature;
}

static void show_cells(struct desk_call *call, const PGresult *rows)
{
    struct render *render = &call->answer;
    json_t *features = json_array();
    int found = PQntuples(rows);
    int shown = found < CELLS_MAX + 1 ? found : CELLS_MAX + 1;
    render_begin(render);
    for (int i = 0; i < shown; i++) {
        struct map_cell_row row;
        struct cell_edges edges;
        map_cell_row_read(rows, i, &row);
        json_t *counts = counts_of(render, &row);
        if (cell_edges_of(row.cell, &edges)) {
            render_set(render, counts, "cell", render_slice(row.cell));
            render_add(render, features, feature_of(render, area(&edges), counts));
        } else {
            render_set(render, render->root, "without_place", counts);
            render_set(render, render->root, "counted_at", render_time(row.counted_us));
        }
    }
    render_set(render, render->root, "type", json_string("FeatureCollection"));
    render_set(render, render->root, "features", features);
    render_set(render, render->root, "complete", json_boolean(found == shown));
    call->may_shrink = true; /* counts, and places that the ministry named */
    desk_respond_json(call, 200, NULL, 0);
}

static void show_places(struct desk_call *call, const PGresult *rows)
{
    struct render *render = &call->answer;
    json_t *features = json_array();
    render_begin(render);
    for (int i = 0; i < PQntuples(rows); i++) {
        struct map_place_row row;
        json_t *properties = json_object();
        map_place_row_read(rows, i, &row);
        render_set(render, properties, "kind", render_slice(row.kind));
        render_set(render, properties, "name", render_slice(row.name));
        render_set(render, properties, "within", row.within.length > 0 ? render_slice(row.within) : json_null());
        render_add(render, features, feature_of(render, point(row.lon, row.lat), properties));
    }
    render_set(render, render->root, "type", json_string("FeatureCollection"));
    render_set(render, render->root, "features", features);
    call->may_shrink = true; /* counts, and places that the ministry named */
    desk_respond_json(call, 200, NULL, 0);
}

/* False when it refused. */
static bool read_filter(struct desk_call *call, struct map_filter *filter)
{
    struct field_errors errors = {.count = 0};
    bool read = map_filter_parse(call->arena, call->request->query, filter, &errors);
    if (!read) {
        desk_refuse_fields(call, 400, &errors);
    }
    return read;
}

static void step_map(struct desk_call *call, const PGresult *rows)
{
    struct map_filter filter;
    struct pg_params params;
    if (rows != NULL) {
        show_cells(call, rows);
    } else if (read_filter(call, &filter)) {
        const struct map_box box = {filter.has_box, filter.west, filter.south, filter.east, filter.north};
        pg_params_init(&params);
        map_cells_params(&params, filter.symbols, &box, filter.crisis, CELLS_MAX + 1);
        desk_call_query(call, PG_MAP_CELLS, &params);
    }
}

static void step_places(struct desk_call *call, const PGresult *rows)
{
    struct map_filter filter;
    struct pg_params params;
    if (rows != NULL) {
        show_places(call, rows);
    } else if (read_filter(call, &filter)) {
        pg_params_init(&params);
        map_places_params(&params, filter.crisis);
        desk_call_query(call, PG_MAP_PLACES, &params);
    }
}

void desk_map(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct desk_call), .step = step_map};
    desk_call_start(exchange, role, &capability);
}

void desk_places(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct desk_call), .step = step_places};
    desk_call_start(exchange, role, &capability);
}
