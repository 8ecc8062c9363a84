/* SPDX-License-Identifier: Apache-2.0
 * One column over a batch of records, for a statement's unnest. Within a `struct batch_kind`'s encode: `params`, `records` and `count` are its
 * arguments. */
#ifndef STORE_COLUMN_H
#define STORE_COLUMN_H

#include "pg/params.h"

/* Each record is `r`, a `record` of the caller's; `add` adds its value to the column. */
#define COLUMN_OF(record, type, add)                                                                                   \
    do {                                                                                                               \
        pg_column_begin(params, (type));                                                                               \
        for (size_t i = 0; i < count; i++) {                                                                           \
            const record *r = records[i];                                                                              \
            add;                                                                                                       \
        }                                                                                                              \
        pg_column_end(params);                                                                                         \
    } while (0)

#endif
