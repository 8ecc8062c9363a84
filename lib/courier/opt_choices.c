/* SPDX-License-Identifier: Apache-2.0
 *   IDLE --swept--> ASKING --some--> KEEPING --kept, or not--> IDLE
 *                       \--none, or no answer-------------------^   (what was not kept is asked for again)
 */
#include "courier/opt_choices.h"

#include <sodium.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"
#include "store/sealed_cell.h"
#include "store/sealed_row.h"

enum { CALL_SECONDS = 10, CHOICES_MAX = 64, OPENED_EPOCHS = 64, NUMBER_MAX = 4096 };

enum opt_choices_state { CHOICES_IDLE, CHOICES_ASKING, CHOICES_KEEPING };

struct opt_choices {
    struct pg_pool *pool;
    struct seal_opener *opener;
    struct blind_keys keys;
    enum opt_choices_state state;
    struct pg_call *call;
};

struct choice {
    int64_t registration_id, received_us;
    struct uuid client_id;
    bool opts_out;
    bool has_phone;
    uint8_t phone[BLIND_SIZE];
};

static void run(struct opt_choices *c, enum opt_choices_state state, enum pg_statement statement,
                struct pg_params *params, pg_done *done)
{
    c->call = pg_pool_call(c->pool, statement, params, NULL, clock_monotonic() + CALL_SECONDS * MICROSECONDS_A_SECOND,
                           done, c);
    c->state = c->call != NULL ? state : CHOICES_IDLE;
    pg_params_release(params);
}

static void on_kept(void *context, const struct pg_answer *answer)
{
    struct opt_choices *c = context;
    c->call = NULL;
    c->state = CHOICES_IDLE;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "opt_choice.refused", log_text("sqlstate", answer->sqlstate));
    }
}

/* A sender that does not open is kept without its index: it is not asked for for ever. */
static void read_choice(struct opt_choices *c, const PGresult *rows, int row, struct choice *choice)
{
    struct error error = {.code = ERROR_NONE};
    struct arena arena;
    struct slice number;
    uint8_t row_id[SEALED_ROW_SIZE];
    struct sealed_cell sender = {.sealed = pg_get_slice(rows, row, 5), .wrap = pg_get_slice(rows, row, 6)};
    *choice = (struct choice){.registration_id = pg_get_int(rows, row, 0),
                              .opts_out = pg_get_bool(rows, row, 2),
                              .received_us = pg_get_time(rows, row, 3)};
    (void)pg_get_uuid(rows, row, 1, &choice->client_id); /* NOT NULL, as is the epoch */
    (void)pg_get_uuid(rows, row, 4, &sender.epoch_id);
    struct seal_place place = {"check_in", "sender", sealed_row_uuid(&choice->client_id, row_id)};
    arena_init(&arena, NUMBER_MAX);
    choice->has_phone = sender.sealed.length > 0 &&
                        (seal_opener_knows(c->opener, &sender.epoch_id) ||
                         seal_opener_add(c->opener, &sender.epoch_id, sender.wrap, &error)) &&
                        seal_open(c->opener, &arena, &sender.epoch_id, &place, sender.sealed, &number, &error);
    if (choice->has_phone) {
        blind(&c->keys, BLIND_PHONE, number, choice->phone);
    }
    arena_release(&arena);
}

static void add_columns(struct pg_params *params, const struct choice choices[], int count)
{
    pg_column_begin(params, PG_INT8);
    for (int i = 0; i < count; i++) {
        pg_add_int8(params, choices[i].registration_id);
    }
    pg_column_end(params);
    pg_column_begin(params, PG_UUID);
    for (int i = 0; i < count; i++) {
        pg_add_uuid(params, &choices[i].client_id);
    }
    pg_column_end(params);
    pg_column_begin(params, PG_BYTEA);
    for (int i = 0; i < count; i++) {
        pg_add_bytea_or_null(params, slice_make(choices[i].phone, choices[i].has_phone ? BLIND_SIZE : 0));
    }
    pg_column_end(params);
    pg_column_begin(params, PG_BOOL);
    for (int i = 0; i < count; i++) {
        pg_add_bool(params, choices[i].opts_out);
    }
    pg_column_end(params);
    pg_column_begin(params, PG_TIMESTAMPTZ);
    for (int i = 0; i < count; i++) {
        pg_add_time(params, choices[i].received_us);
    }
    pg_column_end(params);
}

static void on_due(void *context, const struct pg_answer *answer)
{
    struct opt_choices *c = context;
    struct choice choices[CHOICES_MAX];
    struct pg_params params;
    int count = answer->outcome == PG_COMMITTED ? PQntuples(answer->result) : 0;
    c->call = NULL;
    c->state = CHOICES_IDLE;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "opt_choice.refused", log_text("sqlstate", answer->sqlstate));
    }
    if (count == 0) {
        return;
    }
    count = count < CHOICES_MAX ? count : CHOICES_MAX;
    for (int i = 0; i < count; i++) {
        read_choice(c, answer->result, i, &choices[i]);
    }
    pg_params_init(&params);
    add_columns(&params, choices, count);
    run(c, CHOICES_KEEPING, PG_OPT_CHOICE_ADD, &params, on_kept);
}

void opt_choices_sweep(struct opt_choices *choices)
{
    struct pg_params params;
    if (choices->state != CHOICES_IDLE || !pg_pool_is_ready(choices->pool)) {
        return;
    }
    pg_params_init(&params);
    pg_add_int4(&params, CHOICES_MAX);
    pg_add_text(&params, slice_of(seal_opener_recipient_id(choices->opener)));
    run(choices, CHOICES_ASKING, PG_OPT_CHOICE_DUE, &params, on_due);
}

bool opt_choices_is_idle(const struct opt_choices *choices)
{
    return choices->state == CHOICES_IDLE;
}

struct opt_choices *opt_choices_new(struct pg_pool *pool, const uint8_t secret_key[SEAL_KEY_SIZE],
                                    const uint8_t index_key[SEAL_KEY_SIZE])
{
    struct opt_choices *c = calloc(1, sizeof(*c));
    if (c == NULL) {
        return NULL;
    }
    c->pool = pool;
    blind_keys_derive(index_key, &c->keys);
    c->opener = seal_opener_new(secret_key, OPENED_EPOCHS);
    if (c->opener == NULL) {
        opt_choices_free(c);
        return NULL;
    }
    return c;
}

void opt_choices_free(struct opt_choices *choices)
{
    if (choices == NULL) {
        return;
    }
    if (choices->call != NULL) {
        pg_call_cancel(choices->call);
    }
    seal_opener_free(choices->opener);
    sodium_memzero(&choices->keys, sizeof(choices->keys));
    free(choices);
}
