/* SPDX-License-Identifier: Apache-2.0
 * What a search asks the register for, and what it finds. */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "domain/country.h"
#include "domain/name.h"
#include "pg/params.h"
#include "seal/blind.h"
#include "store/sealed_cell.h"

enum { SEARCH_COUNTRIES_MAX = 8, SEARCH_IDS_MAX = SEARCH_COUNTRIES_MAX + 1 };

/* How a party was found; sql/migrations/0023_search.sql has the same bits. */
enum { SEARCH_BY_CASE = 1, SEARCH_BY_PHONE = 2, SEARCH_BY_DOCUMENT = 4, SEARCH_BY_NAME = 8 };

struct search_terms {
    const char *countries[SEARCH_COUNTRIES_MAX]; /* whose local forms of phones are read */
    size_t country_count;
    int64_t ids[SEARCH_IDS_MAX];
    size_t id_count;
    uint8_t phones[SEARCH_COUNTRIES_MAX][BLIND_SIZE];
    size_t phone_count;
    uint8_t (*documents)[BLIND_SIZE]; /* one a country that may have issued it: who asks seldom knows */
    size_t document_count;
    struct name_tokens words;
    unsigned kinds; /* SEARCH_BY_*: what the text can be */
};

/* Reads what somebody typed: all that it can be. `terms->countries` are given. False when memory is out. */
bool search_terms_read(struct search_terms *terms, struct slice text, const struct blind_keys *keys,
                       struct arena *arena);

/* The parameters of search_find.sql: at most `most` parties. */
void search_find_params(struct pg_params *params, const struct search_terms *terms, const struct blind_keys *keys,
                        int most, const char *recipient_id);

/* One row a member, or one for a party without; those of a party stand together. */
struct search_row { /* slices are borrowed from the result */
    int64_t registration_id;
    unsigned by;
    struct slice state; /* of the party: registered, unidentified, sought */
    int64_t party_size;
    struct slice last_status;
    struct slice post;
    struct slice queue; /* of its case; empty: there is none */
    int64_t band;
    struct slice case_state;
    unsigned ordinal;
    int64_t member_of;         /* the party, or one that was merged into it */
    struct sealed_cell person; /* empty: no member */
};
void search_row_read(const PGresult *result, int row, struct search_row *found);

#endif
