/* SPDX-License-Identifier: Apache-2.0
 * Making a record durable: in PostgreSQL if it answers, else in the journal; and saying truthfully which. */
#ifndef EDGE_INTAKE_H
#define EDGE_INTAKE_H

#include <libpq-fe.h>

#include "edge/role.h"
#include "net/http.h"
#include "store/check_in_record.h"
#include "store/code_request.h"
#include "store/registration_record.h"

enum intake_fate {
    INTAKE_DATABASE, /* committed: result and row say what the register did */
    INTAKE_JOURNAL,  /* fsynced in the journal; the courier will bring it to the register */
    INTAKE_REFUSED,  /* the register will never take it: a fault of ours, logged */
    INTAKE_AWAY,     /* neither: nothing was stored that we know of; the sender must try again */
};

struct intake_answer {
    enum intake_fate fate;
    const PGresult *result; /* INTAKE_DATABASE only */
    int row;
};

typedef void intake_done(void *context, const struct intake_answer *answer);

struct intake_ticket;

/* A record of the class given now would be stored within the class's time, as far as can be told. */
bool intake_has_room(const struct edge *edge, const struct batch *batch, enum admission_class class);

/* Takes ownership of the record. `done` runs once, on the loop, never before this returns. NULL (the record is freed) when the class's
 * queue is full or memory is out: answer 503. A cry for which the queue has no room, or in which it would wait too long, goes to the journal;
 * only when that is full too is it refused. */
struct intake_ticket *intake_registration(struct edge *edge, struct registration_record *record,
                                          enum admission_class class, intake_done *done, void *context);
struct intake_ticket *intake_check_in(struct edge *edge, struct check_in_record *record, enum admission_class class,
                                      intake_done *done, void *context);
/* The same for a text's wish for its case code: to the journal, for the database is away. */
struct intake_ticket *intake_code(struct edge *edge, struct code_request *request, intake_done *done, void *context);
/* The sender is gone: `done` will not run; the record goes its way. */
void intake_forget(struct intake_ticket *ticket);

#endif
