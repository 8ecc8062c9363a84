/* SPDX-License-Identifier: Apache-2.0
 *   IDLE --swept--> ASKING --some--> KEEPING --kept--> ASKING
 *                       \--none, or no answer--> IDLE <--not kept--/
 */
#include "courier/names.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"
#include "store/name_index.h"
#include "store/sealed_cell.h"
#include "store/sealed_row.h"

enum { CALL_SECONDS = 10, NAMES_MAX = 128, OPENED_EPOCHS = 64, ARENA_MAX = 2 * SEAL_PLAIN_MAX };

enum names_state { NAMES_IDLE, NAMES_ASKING, NAMES_KEEPING };

struct names {
    struct pg_pool *pool;
    struct seal_opener *opener;
    struct blind_keys keys;
    enum names_state state;
    struct pg_call *call;
    int asked_for; /* members whose keys are being kept */
    uint64_t indexed;
};

static void on_due(void *context, const struct pg_answer *answer);

static void run(struct names *n, enum names_state state, enum pg_statement statement, struct pg_params *params,
                pg_done *done)
{
    n->call = pg_pool_call(n->pool, statement, params, NULL, clock_monotonic() + CALL_SECONDS * MICROSECONDS_A_SECOND,
                           done, n);
    n->state = n->call != NULL ? state : NAMES_IDLE;
    pg_params_release(params);
}

static bool is_answered(struct names *n, const struct pg_answer *answer)
{
    n->call = NULL;
    n->state = NAMES_IDLE;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "names.refused", log_text("sqlstate", answer->sqlstate));
    }
    return answer->outcome == PG_COMMITTED;
}

static void ask(struct names *n)
{
    struct pg_params params;
    pg_params_init(&params);
    pg_add_int4(&params, NAMES_MAX);
    pg_add_text(&params, slice_of(seal_opener_recipient_id(n->opener)));
    run(n, NAMES_ASKING, PG_NAMES_DUE, &params, on_due);
}

static void on_kept(void *context, const struct pg_answer *answer)
{
    struct names *n = context;
    if (is_answered(n, answer)) {
        n->indexed += (uint64_t)n->asked_for;
        ask(n);
    }
}

static struct slice member_of(const json_t *person, const char *name)
{
    return slice_of(json_string_value(json_object_get(person, name)));
}

/* What does not open has no keys, and is not asked for again. */
static size_t keys_of(struct names *n, const PGresult *rows, int row, struct arena *arena, int64_t found[NAME_KEYS_MAX])
{
    uint8_t row_id[SEALED_ROW_SIZE];
    struct slice plain;
    struct sealed_cell cell = {.sealed = pg_get_slice(rows, row, 3), .wrap = pg_get_slice(rows, row, 4)};
    (void)pg_get_uuid(rows, row, 2, &cell.epoch_id); /* NOT NULL */
    struct seal_place place = {"party_member", "person",
                               sealed_row_member(pg_get_int(rows, row, 0), (unsigned)pg_get_int(rows, row, 1), row_id)};
    if (!sealed_cell_open(n->opener, &cell, &place, arena, &plain)) {
        return 0;
    }
    json_t *opened = json_loadb(plain.data != NULL ? plain.data : "", plain.length, 0, NULL);
    const struct name_person person = {
        .given_names = member_of(opened, "given_names"),
        .family_name = member_of(opened, "family_name"),
        .birth_date = member_of(opened, "birth_date"),
    };
    size_t count = name_index_of(&n->keys, &person, found);
    json_decref(opened);
    return count;
}

static void add_keys(struct names *n, struct pg_params *params, const PGresult *rows, int count)
{
    pg_column_begin(params, PG_TEXT);
    for (int i = 0; i < count; i++) {
        int64_t found[NAME_KEYS_MAX];
        struct arena arena;
        arena_init(&arena, ARENA_MAX);
        pg_add_text(params, name_index_literal(&arena, found, keys_of(n, rows, i, &arena, found)));
        arena_release(&arena);
    }
    pg_column_end(params);
}

static void on_due(void *context, const struct pg_answer *answer)
{
    struct names *n = context;
    struct pg_params params;
    if (!is_answered(n, answer) || PQntuples(answer->result) == 0) {
        return;
    }
    n->asked_for = PQntuples(answer->result);
    pg_params_init(&params);
    pg_column_begin(&params, PG_INT8);
    for (int i = 0; i < n->asked_for; i++) {
        pg_add_int8(&params, pg_get_int(answer->result, i, 0));
    }
    pg_column_end(&params);
    pg_column_begin(&params, PG_INT2);
    for (int i = 0; i < n->asked_for; i++) {
        pg_add_int2(&params, (int16_t)pg_get_int(answer->result, i, 1));
    }
    pg_column_end(&params);
    add_keys(n, &params, answer->result, n->asked_for);
    run(n, NAMES_KEEPING, PG_NAMES_ADD, &params, on_kept);
}

void names_sweep(struct names *names)
{
    if (names->state == NAMES_IDLE && pg_pool_is_ready(names->pool)) {
        ask(names);
    }
}

bool names_is_idle(const struct names *names)
{
    return names->state == NAMES_IDLE;
}

void names_report(const struct names *names, struct process_report *report)
{
    process_report_add(report, "muster_names_indexed_total", "", (double)names->indexed);
}

struct names *names_new(struct pg_pool *pool, const uint8_t secret_key[SEAL_KEY_SIZE],
                        const uint8_t index_key[SEAL_KEY_SIZE])
{
    struct names *n = calloc(1, sizeof(*n));
    if (n == NULL) {
        return NULL;
    }
    n->pool = pool;
    blind_keys_derive(index_key, &n->keys);
    n->opener = seal_opener_new(secret_key, OPENED_EPOCHS);
    if (n->opener == NULL) {
        names_free(n);
        return NULL;
    }
    return n;
}

void names_free(struct names *names)
{
    if (names == NULL) {
        return;
    }
    if (names->call != NULL) {
        pg_call_cancel(names->call);
    }
    seal_opener_free(names->opener);
    sodium_memzero(&names->keys, sizeof(names->keys));
    free(names);
}
