/* SPDX-License-Identifier: Apache-2.0
 * /api/v1/zones: what a lead draws on the map of a crisis, as GeoJSON, with what is inside as it was counted last. A lead of the whole crisis draws; a
 * zone is changed or removed as it was seen (If-Match). No look at a person: only changes are for the audit.
 *
 *   BEGIN --list, one--> READ --> answered
 *         --what is drawn, not kept--> WITHIN --> answered
 *         --a new one--> CHANGE --kept--> AGAIN --> answered
 *         --of one that is--> SEEN --theirs, as seen--> CHANGE
 */
#include <stdlib.h>

#include "core/json_read.h"
#include "desk/desk_call.h"
#include "desk/etag.h"
#include "desk/handlers.h"
#include "desk/query_table.h"
#include "domain/zone.h"
#include "store/zone.h"

enum { CRISIS_MAX = 31, ZONES_MAX = 100 };

enum zone_step { ZONE_BEGIN, ZONE_READ, ZONE_SEEN, ZONE_WITHIN, ZONE_CHANGE, ZONE_AGAIN };
enum zone_wish { ZONE_LIST, ZONE_SHOW, ZONE_ADD, ZONE_PREVIEW, ZONE_REPLACE, ZONE_REMOVE };

struct zone_call {
    struct desk_call call;
    enum zone_step step;
    enum zone_wish wish;
    struct slice crisis; /* LIST */
    struct zone zone;    /* what was drawn */
    struct zone_cover *cover;
    struct zone_change change;
};

/* --- answers ----------------------------------------------------------------------------------------------------------------- */

static void render_counts(struct render *render, json_t *object, const struct zone_inside *inside)
{
    render_set(render, object, "band", render_number_or_null(inside->band));
    render_set(render, object, "open", json_integer(inside->open));
    render_set(render, object, "unclaimed", json_integer(inside->unclaimed));
    render_set(render, object, "late", json_integer(inside->late));
    render_set(render, object, "people", json_integer(inside->people));
    render_set(render, object, "parties", json_integer(inside->parties));
    render_set(render, object, "registered", json_integer(inside->registered));
}

static json_t *cells_of(struct render *render, struct slice cells)
{
    struct slice word;
    json_t *array = json_array();
    while (slice_split(&cells, ' ', &word)) {
        render_add(render, array, render_slice(word));
    }
    return array;
}

static json_t *feature_of(struct zone_call *z, const struct zone_row *row)
{
    struct render *render = &z->call.answer;
    char id[UUID_TEXT_SIZE + 1];
    json_t *feature = json_object();
    json_t *p = json_object();
    render_set(render, feature, "type", json_string("Feature"));
    render_set(render, feature, "id", render_slice(uuid_format(&row->id, id)));
    render_set(render, feature, "geometry", json_loadb(row->geometry.data, row->geometry.length, 0, NULL));
    render_set(render, p, "crisis", render_slice(row->crisis));
    render_set(render, p, "kind", render_slice(row->kind));
    render_set(render, p, "name", render_slice(row->name));
    render_set(render, p, "radius_m", row->has_radius ? json_real(row->radius_m) : json_null());
    render_set(render, p, "valid_from", render_time(row->from_us));
    render_set(render, p, "valid_until", render_time(row->until_us));
    render_set(render, p, "in_force", json_boolean(row->in_force));
    render_set(render, p, "judging", json_boolean(row->judging));
    render_set(render, p, "tell_citizens", json_boolean(row->tell_citizens));
    render_set(render, p, "told", json_boolean(row->told));
    render_set(render, p, "removed", json_boolean(row->removed));
    render_set(render, p, "version", json_integer(row->version));
    render_set(render, p, "changed_at", render_time(row->changed_us));
    render_set(render, p, "may_change", json_boolean(row->may_change && rights_allow(z->call.role, RIGHT_RULE)));
    render_set(render, p, "cells", cells_of(render, row->cells));
    render_counts(render, p, &row->inside);
    render_set(render, p, "queues", json_loadb(row->inside.queues.data, row->inside.queues.length, 0, NULL));
    render_set(render, feature, "properties", p);
    return feature;
}

static void show_all(struct zone_call *z, const PGresult *rows)
{
    struct render *render = &z->call.answer;
    json_t *features = json_array();
    render_begin(render);
    for (int i = 0; i < PQntuples(rows); i++) {
        struct zone_row row;
        zone_row_read(rows, i, &row);
        render_add(render, features, feature_of(z, &row));
    }
    render_set(render, render->root, "type", json_string("FeatureCollection"));
    render_set(render, render->root, "features", features);
    desk_respond_json(&z->call, 200, NULL, 0);
}

static void show(struct zone_call *z, const struct zone_row *row, unsigned status)
{
    char etag[ETAG_SIZE];
    struct http_header header = {SLICE("ETag"), etag_format(row->version, etag)};
    z->call.answer.root = feature_of(z, row);
    desk_respond_json(&z->call, status, &header, 1);
}

static void show_within(struct zone_call *z, const PGresult *rows)
{
    struct render *render = &z->call.answer;
    struct zone_inside inside = {.band = 0};
    json_t *queues = json_object();
    json_t *cells = json_array();
    if (!pg_get_bool(rows, 0, 6)) {
        json_decref(queues);
        json_decref(cells);
        desk_refuse(&z->call, 403, NULL);
        return;
    }
    for (int i = 1; i < PQntuples(rows); i++) {
        struct zone_within_row row;
        zone_within_row_read(rows, i, &row);
        if (row.queue.length == 0) {
            inside.parties = row.number;
            inside.registered = row.people;
            continue;
        }
        inside.band = inside.band == 0 || row.band < inside.band ? row.band : inside.band;
        inside.open += row.number;
        inside.unclaimed += row.unclaimed;
        inside.late += row.late;
        inside.people += row.people;
        render_set(render, queues, arena_dup(z->call.arena, row.queue).data, json_integer(row.number));
    }
    for (size_t i = 0; i < z->cover->count; i++) {
        render_add(render, cells, json_string(z->cover->cells[i]));
    }
    render_begin(render);
    render_counts(render, render->root, &inside);
    render_set(render, render->root, "queues", queues);
    render_set(render, render->root, "cells", cells);
    desk_respond_json(&z->call, 200, NULL, 0);
}

/* --- what is asked ----------------------------------------------------------------------------------------------------------- */

static bool parse_crisis(struct slice value, void *target)
{
    ((struct zone_call *)target)->crisis = value;
    return value.length <= CRISIS_MAX;
}

static bool read_query(struct zone_call *z)
{
    static const struct query_parameter parameters[] = {{SLICE_INIT("crisis"), parse_crisis, FIELD_NOT_A_VALUE}};
    struct field_errors errors = {.count = 0};
    bool read =
        query_table_read(z->call.arena, z->call.request->query, parameters, z->wish == ZONE_LIST ? 1 : 0, z, &errors);
    if (!read) {
        desk_refuse_fields(&z->call, 400, &errors);
    }
    return read;
}

/* The geometry as it was sent: what was read of it was held to numbers in range. */
static struct slice geometry_of(struct zone_call *z)
{
    json_t *body = json_loadb(z->call.request->body.data, z->call.request->body.length, 0, NULL);
    char *text = json_dumps(json_object_get(body, "geometry"), JSON_COMPACT | JSON_REAL_PRECISION(10));
    struct slice geometry = arena_dup(z->call.arena, slice_of(text));
    free(text);
    json_decref(body);
    return geometry;
}

/* False when it refused. */
static bool read_drawn(struct zone_call *z)
{
    struct desk_call *call = &z->call;
    struct field_errors errors = {.count = 0};
    if (!http_request_media_type_is(call->request, SLICE("application/json")) &&
        !http_request_media_type_is(call->request, SLICE("application/geo+json"))) {
        desk_refuse(call, 415, NULL);
        return false;
    }
    const struct tree *tree = json_read(call->arena, call->request->body);
    if (tree == NULL || tree->kind != TREE_OBJECT) {
        desk_refuse(call, 400, "problem.not_json.detail");
        return false;
    }
    zone_decode(call->arena, tree, &z->zone, &errors);
    if (z->zone.crisis.length > CRISIS_MAX) {
        field_error_add(&errors, FIELD_NOT_A_CRISIS, "properties/crisis");
    }
    if (errors.count > 0) {
        desk_refuse_fields(call, 422, &errors);
        return false;
    }
    z->cover = arena_alloc(call->arena, sizeof(*z->cover));
    z->change.geometry = geometry_of(z);
    if (z->cover == NULL || z->change.geometry.length == 0 || call->arena->failed ||
        !zone_area_cover(&z->zone.area, z->cover)) {
        desk_refuse_for(call, 503, NULL, 1);
        return false;
    }
    return true;
}

static void read_one(struct zone_call *z, enum zone_step step)
{
    struct pg_params params;
    z->step = step;
    pg_params_init(&params);
    zone_list_params(&params, z->crisis, z->wish == ZONE_LIST ? NULL : &z->change.id);
    desk_call_query(&z->call, PG_ZONE_LIST, &params);
}

static void keep(struct zone_call *z)
{
    struct pg_params params;
    z->change.zone = &z->zone;
    z->change.cover = z->cover;
    z->change.staff_id = z->call.who.staff_id;
    z->change.origin = z->call.origin;
    z->step = ZONE_CHANGE;
    pg_params_init(&params);
    if (z->wish == ZONE_REMOVE) {
        zone_remove_params(&params, &z->change);
    } else {
        zone_put_params(&params, &z->change);
    }
    desk_call_query(&z->call, z->wish == ZONE_REMOVE ? PG_ZONE_REMOVE : PG_ZONE_PUT, &params);
}

static void look_within(struct zone_call *z)
{
    struct pg_params params;
    z->step = ZONE_WITHIN;
    pg_params_init(&params);
    zone_within_params(&params, z->zone.crisis, z->cover);
    desk_call_query(&z->call, PG_ZONE_WITHIN, &params);
}

static void begin(struct zone_call *z)
{
    bool names_one = z->wish == ZONE_SHOW || z->wish == ZONE_REPLACE || z->wish == ZONE_REMOVE;
    if (!read_query(z)) {
        return; /* answered */
    }
    if (names_one && !uuid_parse(z->call.request->parameters[0], &z->change.id)) {
        desk_refuse(&z->call, 404, NULL);
    } else if (z->wish == ZONE_LIST || z->wish == ZONE_SHOW) {
        read_one(z, ZONE_READ);
    } else if (z->wish == ZONE_REMOVE) {
        read_one(z, ZONE_SEEN);
    } else if (!read_drawn(z)) {
        return; /* answered */
    } else if (z->wish == ZONE_PREVIEW) {
        look_within(z);
    } else if (z->wish == ZONE_REPLACE) {
        read_one(z, ZONE_SEEN);
    } else {
        z->change.id = uuid_random();
        keep(z);
    }
}

/* --- changes ----------------------------------------------------------------------------------------------------------------- */

static void on_seen(struct zone_call *z, const struct zone_row *row)
{
    struct desk_call *call = &z->call;
    if (!row->may_change) {
        desk_refuse(call, 403, NULL);
    } else if (!etag_if_match(http_request_header(call->request, SLICE("If-Match")), &z->change.version)) {
        desk_refuse(call, 428, NULL); /* a lead changes what they have seen */
    } else if (z->change.version != row->version) {
        desk_refuse(call, 412, "problem.conflict.detail");
    } else if (z->wish == ZONE_REPLACE && !slice_equal(z->zone.crisis, row->crisis)) {
        struct field_errors errors = {.count = 0};
        field_error_add(&errors, FIELD_NOT_A_VALUE, "properties/crisis"); /* a zone stays of its crisis */
        desk_refuse_fields(call, 422, &errors);
    } else {
        keep(z);
    }
}

static void on_changed(struct zone_call *z, const PGresult *rows)
{
    if (PQntuples(rows) == 0) {
        desk_refuse(&z->call, z->wish == ZONE_ADD ? 403 : 412, z->wish == ZONE_ADD ? NULL : "problem.conflict.detail");
    } else if (pg_is_null(rows, 0, 0)) {
        struct field_errors errors = {.count = 0};
        field_error_add_limit(&errors, FIELD_TOO_MANY, ZONES_MAX, "properties/crisis");
        desk_refuse_fields(&z->call, 422, &errors);
    } else {
        read_one(z, ZONE_AGAIN);
    }
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct zone_call *z = (struct zone_call *)call;
    struct zone_row row;
    switch (z->step) {
    case ZONE_BEGIN:
        begin(z);
        break;
    case ZONE_WITHIN:
        show_within(z, rows);
        break;
    case ZONE_CHANGE:
        on_changed(z, rows);
        break;
    case ZONE_READ:
    case ZONE_SEEN:
    case ZONE_AGAIN:
        if (z->wish == ZONE_LIST) {
            show_all(z, rows);
            break;
        }
        if (PQntuples(rows) == 0) {
            desk_refuse(call, 404, NULL);
            break;
        }
        zone_row_read(rows, 0, &row);
        if (z->step == ZONE_SEEN) {
            on_seen(z, &row);
        } else {
            show(z, &row, z->wish == ZONE_ADD ? 201 : 200);
        }
        break;
    }
}

/* --- routes ------------------------------------------------------------------------------------------------------------------ */

#define ZONE_HANDLER(function, wanted, needed)                                                                         \
    static void function##_step(struct desk_call *call, const PGresult *rows)                                          \
    {                                                                                                                  \
        ((struct zone_call *)call)->wish = wanted;                                                                     \
        step(call, rows);                                                                                              \
    }                                                                                                                  \
    void function(struct http_exchange *exchange, void *role)                                                          \
    {                                                                                                                  \
        static const struct desk_capability capability = {                                                             \
            .right = needed, .size = sizeof(struct zone_call), .step = function##_step};                               \
        desk_call_start(exchange, role, &capability);                                                                  \
    }

ZONE_HANDLER(desk_zones, ZONE_LIST, RIGHT_LOOK)
ZONE_HANDLER(desk_zone, ZONE_SHOW, RIGHT_LOOK)
ZONE_HANDLER(desk_post_zone, ZONE_ADD, RIGHT_RULE)
ZONE_HANDLER(desk_preview_zone, ZONE_PREVIEW, RIGHT_RULE)
ZONE_HANDLER(desk_put_zone, ZONE_REPLACE, RIGHT_RULE)
ZONE_HANDLER(desk_delete_zone, ZONE_REMOVE, RIGHT_RULE)
