/* SPDX-License-Identifier: Apache-2.0
 * From the pieces of a text to the check-in that it is: what is sealed is opened here, for as long as it is read, and sealed again whole. */
#ifndef COURIER_JOINING_H
#define COURIER_JOINING_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "domain/sms_pieces.h"
#include "seal/blind.h"
#include "seal/seal.h"
#include "store/check_in_record.h"
#include "store/piece.h"

/* What it is done with. */
struct joining_means {
    struct seal_opener *opener;
    const struct blind_keys *keys;
    struct seal_recipient recipients[SEAL_RECIPIENTS_MAX];
    unsigned recipient_count;
    /* The epoch of what was joined last, for ten minutes and one crisis. */
    struct seal_epoch *epoch;     /* NULL: none */
    struct sealed_epoch *travels; /* the same */
    int64_t opened_us;
};

struct joining {
    struct piece_key pieces[SMS_PIECES_MAX + 1]; /* whom it concerns */
    size_t count;
    int64_t again_us;               /* nothing is stored: when they are looked at again; 0: they are left as they are */
    struct check_in_record *record; /* to be stored before they are settled; the caller's. NULL: none */
    bool unsure;                    /* stored: it may be joined anew */
};

void joining_means_release(struct joining_means *means);
/* Rows of piece_due.sql, one at least, to what is to be done. False when memory is out: another time. */
bool joining_make(struct joining_means *means, const PGresult *rows, struct joining *joining);

#endif
