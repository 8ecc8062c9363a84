/* SPDX-License-Identifier: Apache-2.0
 * Statements on a timer; each answer replaces what was known as a whole. Danger zones and places are sent again only when they are others. */
#include "edge/reference.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"
#include "domain/triage_policy.h"
#include "edge/crises_kept.h"
#include "store/place.h"

enum {
    REFERENCE_SECONDS = 3,
    REFERENCE_DEADLINE_SECONDS = 5,
    SETTLE_SECONDS = 10,
    REFERENCE_ARENA_MAX = 4 * 1024 * 1024,
    PLACES_ARENA_MAX = 64 * 1024 * 1024
};

struct crisis_set {
    struct arena arena;
    struct crisis_row *rows;
    size_t count;
};

struct gateway_set {
    struct arena arena;
    struct gateway_row *rows;
    size_t count;
};

struct danger_set {
    struct arena arena;
    struct slice seen; /* which versions these are */
    struct danger_row *rows;
    size_t count;
};

struct known_places {
    struct arena arena;
    int64_t edition; /* which these are; -1: not read yet */
    struct place_set *sets;
    size_t count;
};

struct assembly_set {
    struct arena arena;
    struct slice seen; /* which versions these are */
    struct assembly_point *points;
    size_t count;
};

struct reference {
    struct event *timer;
    struct pg_pool *pool;
    struct pg_call *crisis_call, *gateway_call, *danger_call; /* NULL when none is in flight */
    struct pg_call *place_call, *assembly_call;
    bool crises_known, crises_current, gateways_known;
    char kept_path[4096]; /* of the crises */
    uint32_t kept;
    int64_t started_us; /* monotonic */
    struct crisis_set crises;
    struct gateway_set gateways;
    struct danger_set dangers;
    struct known_places places;
    struct assembly_set assembly;
    struct triage_policy policy; /* of whoever's crisis is not known */
};

static void take_crises(struct reference *r, const PGresult *rows)
{
    struct crisis_set fresh = {.count = 0};
    arena_init(&fresh.arena, REFERENCE_ARENA_MAX);
    if (!crisis_row_read_all(rows, &fresh.arena, &fresh.rows, &fresh.count)) {
        arena_release(&fresh.arena);
        log_note(LOG_ERROR, "reference.no_memory");
        return;
    }
    arena_release(&r->crises.arena);
    r->crises = fresh;
    r->crises_known = true;
    r->policy = fresh.count > 0 ? fresh.rows[0].policy : triage_policy_default;
    for (size_t i = 1; i < fresh.count; i++) {
        triage_policy_merge(&r->policy, &fresh.rows[i].policy);
    }
}

static void on_crises(void *context, const struct pg_answer *answer)
{
    struct reference *r = context;
    r->crisis_call = NULL;
    if (answer->outcome != PG_COMMITTED) {
        return; /* what was known stays known; the pool reports why */
    }
    take_crises(r, answer->result);
    r->crises_current = r->crises_known;
    crises_kept_write(r->kept_path, answer->result, &r->kept);
}

static void on_gateways(void *context, const struct pg_answer *answer)
{
    struct reference *r = context;
    struct gateway_set fresh = {.count = 0};
    r->gateway_call = NULL;
    if (answer->outcome != PG_COMMITTED) {
        return;
    }
    arena_init(&fresh.arena, REFERENCE_ARENA_MAX);
    if (!gateway_row_read_all(answer->result, &fresh.arena, &fresh.rows, &fresh.count)) {
        arena_release(&fresh.arena);
        log_note(LOG_ERROR, "reference.no_memory");
        return;
    }
    arena_release(&r->gateways.arena);
    r->gateways = fresh;
    r->gateways_known = true;
}

/* No row: they are as they were. */
static void on_dangers(void *context, const struct pg_answer *answer)
{
    struct reference *r = context;
    struct danger_set fresh = {.count = 0};
    r->danger_call = NULL;
    if (answer->outcome != PG_COMMITTED || PQntuples(answer->result) == 0) {
        return;
    }
    arena_init(&fresh.arena, REFERENCE_ARENA_MAX);
    if (!danger_row_read_all(answer->result, &fresh.arena, &fresh.seen, &fresh.rows, &fresh.count)) {
        arena_release(&fresh.arena);
        log_note(LOG_ERROR, "reference.no_memory");
        return;
    }
    arena_release(&r->dangers.arena);
    r->dangers = fresh;
}

/* No row: they are as they were. */
static void on_places(void *context, const struct pg_answer *answer)
{
    struct reference *r = context;
    struct known_places fresh = {.count = 0};
    r->place_call = NULL;
    if (answer->outcome != PG_COMMITTED || PQntuples(answer->result) == 0) {
        return;
    }
    arena_init(&fresh.arena, PLACES_ARENA_MAX);
    if (!place_sets_read(answer->result, &fresh.arena, &fresh.edition, &fresh.sets, &fresh.count)) {
        arena_release(&fresh.arena);
        log_note(LOG_ERROR, "reference.no_memory");
        return;
    }
    arena_release(&r->places.arena);
    r->places = fresh;
}

/* Likewise. */
static void on_assembly(void *context, const struct pg_answer *answer)
{
    struct reference *r = context;
    struct assembly_set fresh = {.count = 0};
    r->assembly_call = NULL;
    if (answer->outcome != PG_COMMITTED || PQntuples(answer->result) == 0) {
        return;
    }
    arena_init(&fresh.arena, REFERENCE_ARENA_MAX);
    if (!assembly_point_read_all(answer->result, &fresh.arena, &fresh.seen, &fresh.points, &fresh.count)) {
        arena_release(&fresh.arena);
        log_note(LOG_ERROR, "reference.no_memory");
        return;
    }
    arena_release(&r->assembly.arena);
    r->assembly = fresh;
}

/* `seen`: data NULL for a statement without parameters. */
static struct pg_call *start_call(struct reference *r, enum pg_statement statement, struct pg_params *params,
                                  pg_done *done)
{
    struct pg_call *call =
        pg_pool_call(r->pool, statement, params, NULL,
                     clock_monotonic() + REFERENCE_DEADLINE_SECONDS * MICROSECONDS_A_SECOND, done, r);
    pg_params_release(params);
    return call;
}

/* `seen`: data NULL for a statement without parameters. */
static struct pg_call *ask(struct reference *r, enum pg_statement statement, struct slice seen, pg_done *done)
{
    struct pg_params params;
    pg_params_init(&params);
    if (seen.data != NULL) {
        pg_add_text(&params, seen);
    }
    return start_call(r, statement, &params, done);
}

static struct pg_call *ask_places(struct reference *r)
{
    struct pg_params params;
    pg_params_init(&params);
    pg_add_int8(&params, r->places.edition);
    return start_call(r, PG_PLACE_KNOWN, &params, on_places);
}

static void on_timer(evutil_socket_t fd, short events, void *context)
{
    struct reference *r = context;
    const struct slice nothing = {NULL, 0};
    (void)fd;
    (void)events;
    if (r->crisis_call == NULL) {
        r->crisis_call = ask(r, PG_CRISIS_LIST, nothing, on_crises);
    }
    if (r->gateway_call == NULL) {
        r->gateway_call = ask(r, PG_GATEWAY_LIST, nothing, on_gateways);
    }
    if (r->danger_call == NULL) {
        r->danger_call = ask(r, PG_DANGER_LIST, r->dangers.seen, on_dangers);
    }
    if (r->assembly_call == NULL) {
        r->assembly_call = ask(r, PG_ASSEMBLY_LIST, r->assembly.seen, on_assembly);
    }
    if (r->place_call == NULL) {
        r->place_call = ask_places(r);
    }
}

struct reference *reference_new(struct event_base *base)
{
    struct reference *r = calloc(1, sizeof(*r));
    if (r == NULL) {
        return NULL;
    }
    r->policy = triage_policy_default;
    arena_init(&r->crises.arena, REFERENCE_ARENA_MAX);
    arena_init(&r->gateways.arena, REFERENCE_ARENA_MAX);
    arena_init(&r->dangers.arena, REFERENCE_ARENA_MAX);
    arena_init(&r->assembly.arena, REFERENCE_ARENA_MAX);
    r->assembly.seen = SLICE("");
    arena_init(&r->places.arena, PLACES_ARENA_MAX);
    r->places.edition = -1;
    r->dangers.seen = SLICE("");
    r->timer = event_new(base, -1, EV_PERSIST, on_timer, r);
    if (r->timer == NULL) {
        reference_free(r);
        return NULL;
    }
    return r;
}

bool reference_start(struct reference *reference, struct pg_pool *pool, const char *directory, const char *name)
{
    const struct timeval every = {REFERENCE_SECONDS, 0};
    reference->pool = pool;
    reference->started_us = clock_monotonic();
    (void)snprintf(reference->kept_path, sizeof(reference->kept_path), "%s/%s.crises", directory, name);
    PGresult *kept = crises_kept_read(reference->kept_path);
    if (kept != NULL) {
        take_crises(reference, kept);
        PQclear(kept);
    }
    if (event_add(reference->timer, &every) != 0) {
        return false;
    }
    event_active(reference->timer, EV_TIMEOUT, 0); /* after event_add, which takes back an activation by time */
    return true;
}

void reference_free(struct reference *reference)
{
    if (reference == NULL) {
        return;
    }
    if (reference->crisis_call != NULL) {
        pg_call_cancel(reference->crisis_call);
    }
    if (reference->gateway_call != NULL) {
        pg_call_cancel(reference->gateway_call);
    }
    if (reference->danger_call != NULL) {
        pg_call_cancel(reference->danger_call);
    }
    if (reference->assembly_call != NULL) {
        pg_call_cancel(reference->assembly_call);
    }
    if (reference->place_call != NULL) {
        pg_call_cancel(reference->place_call);
    }
    if (reference->timer != NULL) {
        event_free(reference->timer);
    }
    arena_release(&reference->crises.arena);
    arena_release(&reference->gateways.arena);
    arena_release(&reference->dangers.arena);
    arena_release(&reference->places.arena);
    arena_release(&reference->assembly.arena);
    free(reference);
}

bool reference_is_known(const struct reference *reference)
{
    return reference->crises_known;
}

bool reference_is_current(const struct reference *reference)
{
    return reference->crises_current;
}

bool reference_is_settled(const struct reference *reference)
{
    bool waited = clock_monotonic() - reference->started_us > SETTLE_SECONDS * MICROSECONDS_A_SECOND;
    return reference->crises_current || (reference->crises_known && waited);
}

bool reference_knows_gateways(const struct reference *reference)
{
    return reference->gateways_known;
}

const struct crisis_row *reference_crises(const struct reference *reference, size_t *count)
{
    *count = reference->crises.count;
    return reference->crises.rows;
}

const struct crisis_row *reference_crisis(const struct reference *reference, struct slice id)
{
    for (size_t i = 0; i < reference->crises.count; i++) {
        if (slice_equal(reference->crises.rows[i].id, id)) {
            return &reference->crises.rows[i];
        }
    }
    return NULL;
}

const struct crisis_row *reference_only_crisis(const struct reference *reference)
{
    return reference->crises.count == 1 ? &reference->crises.rows[0] : NULL;
}

const struct triage_policy *reference_policy(const struct reference *reference, const struct crisis_row *crisis)
{
    return crisis != NULL ? &crisis->policy : &reference->policy;
}

bool reference_in_danger_zone(const struct reference *reference, const struct crisis_row *crisis,
                              const struct location *location)
{
    bool inside = false;
    for (size_t i = 0; location->has_position && !inside && i < reference->dangers.count; i++) {
        const struct danger_row *danger = &reference->dangers.rows[i];
        inside = (crisis == NULL || slice_equal(crisis->id, danger->crisis)) &&
                 zone_cells_hold(&danger->cells, location->lat, location->lon);
    }
    return inside;
}

const struct gazetteer *reference_gazetteer(const struct reference *reference, const struct crisis_row *crisis)
{
    for (size_t i = 0; crisis != NULL && i < reference->places.count; i++) {
        if (slice_equal(reference->places.sets[i].crisis, crisis->id)) {
            return reference->places.sets[i].gazetteer;
        }
    }
    return gazetteer_of_country(crisis != NULL ? crisis->country : SLICE(""));
}

const struct gateway_row *reference_gateway(const struct reference *reference, struct slice name)
{
    for (size_t i = 0; i < reference->gateways.count; i++) {
        if (slice_equal(reference->gateways.rows[i].name, name)) {
            return &reference->gateways.rows[i];
        }
    }
    return NULL;
}

const struct assembly_point *reference_assembly(const struct reference *reference, size_t *count)
{
    *count = reference->assembly.count;
    return reference->assembly.points;
}
