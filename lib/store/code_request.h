/* SPDX-License-Identifier: Apache-2.0
 * A text's wish for its sender's case code, with the texts sealed that will tell it. */
#ifndef STORE_CODE_REQUEST_H
#define STORE_CODE_REQUEST_H

#include <stdint.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "core/id.h"
#include "core/slice.h"
#include "pg/batch.h"
#include "seal/blind.h"
#include "store/sealed_epoch.h"

enum { CODE_TEXTS = 3 }; /* parties that may have registered one number, and are told */

struct code_text {
    struct uuid id; /* of the text in the outbox: there once, however often it is put there */
    struct slice sealed;
};

struct code_request {
    struct arena arena; /* owns every slice, and the record */
    uint8_t phone_index[BLIND_SIZE];
    struct slice crisis;
    struct slice gateway; /* it came by; empty: by a page */
    int64_t asked_us;
    struct sealed_epoch *epoch;
    struct code_text texts[CODE_TEXTS];
};

/* NULL when memory is out. */
struct code_request *code_request_new(void);
void code_request_free(void *record);

/* The payload of a JOURNAL_CODE entry. */
void code_request_write(struct code_request *request, struct buffer *out);
struct code_request *code_request_read(struct slice payload);

/* Adds the columns of its texts and their epoch: ids, epochs, sealed texts, and what sealed_epoch_encode adds. */
void code_request_add_texts(struct pg_params *params, const struct code_request *request);

/* For requests that waited in the journal: one row each, its first column an enum store_outcome. */
extern const struct batch_kind code_request_batch_kind;

#endif
