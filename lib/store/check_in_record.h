/* SPDX-License-Identifier: Apache-2.0
 * A check-in as the register keeps it, with the case it raises. */
#ifndef STORE_CHECK_IN_RECORD_H
#define STORE_CHECK_IN_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "core/id.h"
#include "core/slice.h"
#include "pg/batch.h"
#include "seal/blind.h"
#include "store/outcome.h"
#include "store/sealed_epoch.h"

/* A block for the arena of one: the record itself and what is usually sealed in it. */
enum { CHECK_IN_BLOCK_SIZE = 1024 };

/* A piece of a long text message; total 0: it is none. */
struct check_in_piece {
    uint8_t set[BLIND_SIZE]; /* those with the same are of one message (derive_piece_set) */
    uint8_t number, total;
};

struct check_in_record {
    struct arena arena; /* owns every slice, and the record */
    struct uuid client_id;
    bool has_registration_id; /* a case was named; else a phone */
    int64_t registration_id;
    uint8_t phone_index[BLIND_SIZE]; /* used when no case was named */
    int64_t stranger_id;             /* the number an unknown sender is kept under */
    struct slice crisis;             /* empty: not known at the front door */
    uint8_t content_mac[BLIND_SIZE];
    struct slice status; /* empty: a text message that says none */
    uint32_t needs;
    uint32_t people; /* 0: not said */
    uint8_t band;    /* 0: raises no case */
    uint32_t reasons;
    struct slice queue;
    int64_t respond_by_us;
    struct slice language;
    struct slice channel;
    struct slice cell;
    struct sealed_epoch *epoch;
    struct slice sealed_message, sealed_location, sealed_sender; /* empty: none */
    bool has_at;
    int64_t at_us;
    int64_t received_us;
    bool via_journal;
    struct check_in_piece piece;
};

/* `shelf`: of blocks of CHECK_IN_BLOCK_SIZE, outliving the record; or NULL. NULL when memory is out. */
struct check_in_record *check_in_record_new(struct arena_shelf *shelf);
void check_in_record_free(void *record);

/* The payload of a JOURNAL_CHECK_IN entry. */
void check_in_record_write(struct check_in_record *record, struct buffer *out);
struct check_in_record *check_in_record_read(struct slice payload);

extern const struct batch_kind check_in_batch_kind;

struct check_in_stored {
    enum store_outcome outcome;
    unsigned band; /* 0: none */
    int64_t registration_id;
    bool known; /* the party is registered */
    bool via_journal;
};
struct check_in_stored check_in_stored_row(const PGresult *result, int row);

#endif
