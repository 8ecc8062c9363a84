/* SPDX-License-Identifier: Apache-2.0
 * The lists that belong to a case: its people, how to reach them, what they said, what officers wrote and did. */
#ifndef DESK_CASE_PARTS_H
#define DESK_CASE_PARTS_H

#include <libpq-fe.h>

#include "desk/opening.h"
#include "desk/render.h"
#include "pg/statement.h"
#include "store/party.h"

enum {
    PART_PARTY,
    PART_CONTACTS,
    PART_CHECK_INS,
    PART_NOTES,
    PART_MESSAGES,
    PART_STEPS,
    PART_MERGES,
    PART_WORDS,
    PART_COUNT
};

struct case_part {
    const char *name;            /* in the answer */
    enum pg_statement statement; /* with the parameters of party_list_params */
    json_t *(*render)(struct render *render, struct opening *opening, int64_t registration_id, const PGresult *rows,
                      int row);
};
extern const struct case_part case_parts[PART_COUNT];

/* Sets `name` to what was opened, taken over, and "reporter" to who told it, which is sealed in the same envelope; null when they told it themselves. */
void case_parts_set_apart(struct render *render, json_t *object, const char *name, json_t *opened);

#endif
