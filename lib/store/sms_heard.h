/* SPDX-License-Identifier: Apache-2.0
 * What a number that nobody registered has told so far. */
#ifndef STORE_SMS_HEARD_H
#define STORE_SMS_HEARD_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "domain/sms_question.h"
#include "pg/params.h"

struct sms_heard_row {
    struct sms_heard heard;
    unsigned band; /* of its open case; 0: none */
};

/* The parameters of sms_heard.sql. */
void sms_heard_params(struct pg_params *params, int64_t registration_id, const struct uuid *client_id);
/* False when the party is registered, or the message is not there. */
bool sms_heard_read(const PGresult *result, struct sms_heard_row *row);

#endif
