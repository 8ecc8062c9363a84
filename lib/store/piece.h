/* SPDX-License-Identifier: Apache-2.0
 * Pieces of long texts, as the courier joins them. */
#ifndef STORE_PIECE_H
#define STORE_PIECE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "domain/triage.h"
#include "pg/params.h"
#include "store/sealed_cell.h"

/* Which check-in it is. */
struct piece_key {
    int64_t registration_id;
    struct uuid client_id;
};

/* A row of piece_due.sql. Slices are borrowed from the result. */
struct piece_row {
    struct piece_key key;
    struct slice set;
    unsigned number; /* 0: what was joined of some, and may be joined anew */
    unsigned total;
    int64_t received_us;
    bool joined;
    struct uuid whole_id; /* joined: into which message */
    unsigned band;        /* 0: none */
    bool has_at;
    int64_t at_us;
    struct slice crisis; /* empty: not known */
    struct sealed_cell message, sender;
    int64_t now_us;              /* the database's clock */
    struct triage_policy policy; /* of the crisis */
};
void piece_due_params(struct pg_params *params, const char *recipient_id, unsigned limit);
void piece_row_read(const PGresult *result, int row, struct piece_row *piece);

/* What becomes of some pieces, all of one set. */
struct piece_settlement {
    const struct piece_key *pieces;
    size_t count;
    int64_t again_us; /* when they are looked at again; 0: not again */
    bool joined;
    struct piece_key whole; /* joined: into this message */
    bool unsure;            /* joined: it may be joined anew */
};
void piece_settle_params(struct pg_params *params, const struct piece_settlement *settlement);

#endif
