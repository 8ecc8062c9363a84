/* SPDX-License-Identifier: Apache-2.0
 * What the register did with a record: the numbers that edge.store_registrations and edge.store_check_ins return. */
#ifndef STORE_OUTCOME_H
#define STORE_OUTCOME_H

enum store_outcome {
    STORE_NEW,      /* it is there now */
    STORE_SAME,     /* it was there already, with this content */
    STORE_CONFLICT, /* its client_id was there already, with other content */
    STORE_TAKEN, /* a registration: the number behind its case code belongs to another: derive the next; a check-in: no crisis to
                       keep it under */
};

/* Kinds of journal entries. */
enum journal_kind { JOURNAL_REGISTRATION = 1, JOURNAL_CHECK_IN = 2, JOURNAL_CODE = 3 };

#endif
