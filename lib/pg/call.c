/* SPDX-License-Identifier: Apache-2.0
 * Copying, queueing and sending calls. */
#include "pg/call.h"

#include <stdlib.h>
#include <string.h>

static bool copy_params(struct pg_call *call, const struct pg_params *params)
{
    call->params = *params;
    buffer_init(&call->params.bytes, params->bytes.maximum);
    buffer_add_slice(&call->params.bytes, buffer_slice(&params->bytes));
    return pg_params_ok(params) && !call->params.bytes.failed;
}

static bool copy_settings(struct pg_call *call, const char *const *settings)
{
    for (; settings != NULL && settings[0] != NULL; settings += 2) {
        if (call->setting_count == SETTINGS_MAX) {
            return false;
        }
        struct setting *setting = &call->settings[call->setting_count++];
        setting->name = strdup(settings[0]);
        setting->value = strdup(settings[1]);
        if (setting->name == NULL || setting->value == NULL) {
            return false;
        }
    }
    return true;
}

struct pg_call *pg_call_new(const struct pg_params *params, const char *const *settings)
{
    struct pg_call *call = calloc(1, sizeof(*call));
    if (call != NULL && (!copy_params(call, params) || !copy_settings(call, settings))) {
        pg_call_free(call);
        return NULL;
    }
    return call;
}

void pg_call_free(struct pg_call *call)
{
    for (unsigned i = 0; i < call->setting_count; i++) {
        free(call->settings[i].name);
        free(call->settings[i].value);
    }
    pg_params_release(&call->params);
    PQclear(call->result);
    PQclear(call->error);
    free(call);
}

static bool send_statement(const struct pg_call *call, PGconn *conn, const char *statement)
{
    const struct pg_params *params = &call->params;
    const char *values[PG_PARAMS_MAX];
    int lengths[PG_PARAMS_MAX];
    int formats[PG_PARAMS_MAX];
    for (unsigned i = 0; i < params->count; i++) {
        const char *at = params->bytes.data != NULL ? params->bytes.data + params->offset[i] : "";
        values[i] = params->null[i] ? NULL : at;
        lengths[i] = (int)params->length[i];
        formats[i] = 1;
    }
    return PQsendQueryPrepared(conn, statement, (int)params->count, values, lengths, formats, 1) == 1;
}

bool pg_call_send(struct pg_call *call, PGconn *conn, const char *statement, bool replan)
{
    bool ok = !replan || PQsendQueryPrepared(conn, CALL_REPLAN_STATEMENT, 0, NULL, NULL, NULL, 0) == 1;
    for (unsigned i = 0; ok && i < call->setting_count; i++) {
        const char *const values[] = {call->settings[i].name, call->settings[i].value};
        ok = PQsendQueryPrepared(conn, CALL_SETTING_STATEMENT, 2, values, NULL, NULL, 0) == 1;
    }
    ok = ok && send_statement(call, conn, statement) && PQpipelineSync(conn) == 1;
    if (call->retries == 0) {
        pg_params_release(&call->params);
    }
    return ok;
}

void pg_call_queue_add(struct pg_call_queue *queue, struct pg_call *call)
{
    call->next = NULL;
    if (queue->last != NULL) {
        queue->last->next = call;
    } else {
        queue->first = call;
    }
    queue->last = call;
    queue->count++;
}

struct pg_call *pg_call_queue_take(struct pg_call_queue *queue)
{
    struct pg_call *call = queue->first;
    if (call != NULL) {
        queue->first = call->next;
        queue->last = queue->first == NULL ? NULL : queue->last;
        queue->count--;
    }
    return call;
}
