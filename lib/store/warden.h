/* SPDX-License-Identifier: Apache-2.0
 * Wardens' lists of households, and what they said of each. */
#ifndef STORE_WARDEN_H
#define STORE_WARDEN_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "pg/params.h"
#include "store/sealed_cell.h"

enum { WARDEN_LIST_MAX = 500 };

/* A row of warden_households.sql. Slices are borrowed from the result, and times 0 where there is none, here and below. */
struct household_row {
    int64_t registration_id;
    int64_t people;
    uint32_t needs;
    struct slice last_status;
    int64_t last_heard_us;
    struct uuid word_id; /* of the last word that stands */
    struct slice word;   /* empty: none */
    int64_t word_us;
    struct sealed_cell location;
    int64_t check_in_by_us;
    bool is_overdue; /* by the database's clock */
};
void household_row_read(const PGresult *result, int row, struct household_row *household);

/* A row of warden_members.sql or warden_phones.sql: of the household `case_id`, sealed as that of `registration_id`. */
struct household_part_row {
    int64_t case_id, registration_id;
    unsigned ordinal;
    struct sealed_cell cell;
};
void household_part_row_read(const PGresult *result, int row, struct household_part_row *part);

/* A row of warden_summary.sql: a warden, and how many of their households stand how. */
struct warden_row {
    struct slice user;
    int64_t households, heard, not_found, to_visit;
    int64_t overdue;
    bool has_it; /* the household that was asked about */
};
void warden_row_read(const PGresult *result, int row, struct warden_row *warden);
/* `registration_id` 0: none is asked about. */
void warden_summary_params(struct pg_params *params, int64_t staff_id, int64_t registration_id);

/* A row of warden_list_get.sql. */
struct listed_row {
    int64_t registration_id;
    struct slice word; /* the warden's last; empty: none */
    int64_t word_us;
    struct slice stands; /* "heard", "not_found", "to_visit" */
    int64_t last_heard_us, check_in_by_us;
    bool is_overdue;
};
/* False when the warden's list is empty. */
bool listed_row_read(const PGresult *result, int row, struct listed_row *listed);

/* A row of word_list.sql. */
struct word_row {
    struct slice word, by;
    int64_t at_us; /* the warden's clock */
    int64_t received_us, undone_us;
};
void word_row_read(const PGresult *result, int row, struct word_row *word);

void warden_word_undo_params(struct pg_params *params, int64_t registration_id, const struct uuid *word_id,
                             struct slice origin);
/* All that are on the list then, at most WARDEN_LIST_MAX. */
void warden_list_add_params(struct pg_params *params, struct slice warden, const int64_t ids[], size_t count,
                            struct slice origin);
void warden_list_take_params(struct pg_params *params, struct slice warden, int64_t registration_id,
                             struct slice origin);
void warden_list_set_params(struct pg_params *params, struct slice warden, const int64_t ids[], size_t count,
                            struct slice origin);

#endif
