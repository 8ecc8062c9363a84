/* SPDX-License-Identifier: Apache-2.0
 * An automatic reply on its way to the outbox. */
#ifndef STORE_REPLY_RECORD_H
#define STORE_REPLY_RECORD_H

#include <stdint.h>

#include "core/arena.h"
#include "core/id.h"
#include "core/slice.h"
#include "pg/batch.h"
#include "store/sealed_epoch.h"

struct reply_record {
    struct arena arena; /* owns every slice, and the record */
    int64_t registration_id;
    struct uuid check_in_id; /* that it answers, and its own id: one reply for one message */
    struct slice gateway;
    struct sealed_epoch *epoch;
    struct slice sealed_text;
    int64_t expires_us;
};

/* NULL when memory is out. */
struct reply_record *reply_record_new(void);
void reply_record_free(void *record);

extern const struct batch_kind reply_batch_kind;

#endif
