/* SPDX-License-Identifier: Apache-2.0
 * Cases: where each stands in its queue, and what officers do with them. */
#ifndef STORE_CASE_H
#define STORE_CASE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "domain/place_cells.h"
#include "pg/params.h"
#include "store/note.h"
#include "store/sealed_cell.h"

/* Slices are borrowed from the result; empty, and times 0, where there is none. */

/* One row of queue_list.sql. */
struct queue_row {
    struct slice queue;
    int64_t open, unclaimed, late;
    int64_t oldest_us;
    int64_t counted_us; /* when all this was so */
};
void queue_row_read(const PGresult *result, int row, struct queue_row *queue);
/* Of queue_list_at.sql, whose first columns are the same: the cells that it counts, and whether a row is so now. */
void case_count_at_params(struct pg_params *params, const struct place_cells *cells);
bool queue_row_is_exact(const PGresult *result, int row);

struct case_row {
    int64_t registration_id;
    struct slice queue;
    unsigned band;
    uint32_t reasons;
    int64_t respond_by_us;
    int64_t received_us; /* of the oldest unanswered cry */
    struct slice state;
    struct slice holder; /* a name */
    int64_t people;      /* 0: not known */
    uint32_t needs;
    struct slice cell;
    struct slice post;
    struct slice last_status;
    int64_t version;
    bool exercise;            /* made by a drill, and by nothing else */
    bool known;               /* false: its sender is not identified */
    int64_t now_us;           /* the database's clock when it was read */
    int64_t answered_us;      /* an officer acted on what is waiting; 0: not yet */
    int64_t waiting_until_us; /* 0: it waits for nothing */
    struct slice waiting_on;  /* as last waited on: "citizen", "partner" */
    struct slice crisis;
};

/* A place in the order of a queue: band 1 first, then by answer-by. */
struct case_key {
    bool after_first_band;
    int64_t respond_by_us;
    int64_t registration_id;
};
struct case_key case_key_of(const struct case_row *row);

struct case_filter {
    struct slice queue;
    int limit;
    bool has_after;
    struct case_key after;
    unsigned band;     /* 0: any */
    struct slice post; /* empty: any */
    uint32_t needs;    /* all of them; 0: any */
    struct slice cell; /* empty: any */
    bool has_zone;     /* else any */
    struct uuid zone;
    struct slice place;              /* of the gazetteer, by name; empty: any */
    const struct place_cells *cells; /* of that place, once they are known; NULL: any */
};
void case_list_params(struct pg_params *params, const struct case_filter *filter, const char *recipient_id);
/* `ordinal` and `person` are the first member's. */
void case_list_read(const PGresult *result, int row, struct case_row *out, unsigned *ordinal,
                    struct sealed_cell *person);

struct case_detail {
    struct case_row row;
    int64_t read_us; /* an officer opened it */
    struct slice language;
    struct slice intent;
    bool has_consent, consent_family, consent_partners;
    int64_t check_in_by_us;
    struct sealed_cell location;
    struct sealed_cell emergency_contact;
};
void case_get_params(struct pg_params *params, int64_t registration_id, const char *recipient_id);
/* False when there is no such case for this reader. */
bool case_get_read(const PGresult *result, struct case_detail *detail);

/* Who does something to which case, seen at which version. */
struct case_change {
    int64_t registration_id;
    int64_t staff_id;
    bool for_others;  /* may act on what another holds */
    bool has_version; /* refuse when it has moved */
    int32_t version;
    struct slice origin; /* the address asked from */
};
/* `why`: a word of vocabulary_look_reason, or empty. */
void case_read_params(struct pg_params *params, const struct case_change *change, bool counts, struct slice why);
/* Whether the reader owes a reason first, and nothing was done. */
bool case_read_owes_why(const PGresult *result);
/* `shown`: and is shown the case now, which is a look. */
void case_claim_params(struct pg_params *params, const struct case_change *change, bool shown);
void case_release_params(struct pg_params *params, const struct case_change *change);
void case_reopen_params(struct pg_params *params, const struct case_change *change);
/* `note` may be NULL. */
void case_resolve_params(struct pg_params *params, const struct case_change *change, const struct sealed_note *note);
void case_note_params(struct pg_params *params, const struct case_change *change, const struct sealed_note *note);
/* Until when a case waits, and on whom ("citizen", "partner"). `note` may be NULL. */
void case_wait_params(struct pg_params *params, const struct case_change *change, int64_t until_us, struct slice on,
                      const struct sealed_note *note);
/* To a post, or to a member of staff by name; neither: one post up. */
void case_pass_params(struct pg_params *params, const struct case_change *change, struct slice post, struct slice name,
                      const struct sealed_note *note);
/* Where a text goes: to a contact, to whoever sent a check-in, or, when neither is set, where message_add.sql finds best. */
struct case_way {
    bool to_contact, to_check_in; /* one at most */
    unsigned contact;
    struct uuid check_in_id;
};
void case_text_params(struct pg_params *params, const struct case_change *change, const struct sealed_note *text,
                      const struct case_way *way);
/* The version after a change, 0 when there is nobody to pass the case to, or no case that the note or text is of; false when none was made. */
bool case_change_read(const PGresult *result, int64_t *version);

struct case_state_row {
    struct slice state;
    int64_t holder_id; /* 0: nobody */
    int64_t version;
    bool has_way;   /* the party has the number asked after; true when none was */
    bool is_merged; /* into another, where it is worked */
};
/* `without_case`: a party that has no case counts, with an empty state and version 0. */
void case_state_params(struct pg_params *params, int64_t registration_id, const struct case_way *way,
                       bool without_case);
bool case_state_read(const PGresult *result, struct case_state_row *state);

void case_candidates_params(struct pg_params *params, struct slice queue, int limit);
void case_candidates_read(const PGresult *result, int row, int64_t *registration_id, int32_t *version);

#endif
