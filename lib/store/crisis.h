/* SPDX-License-Identifier: Apache-2.0
 * The open crises and their SMS gateways, as reference data that every role may read. */
#ifndef STORE_CRISIS_H
#define STORE_CRISIS_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/triage.h"
#include "domain/vocabulary.h"
#include "seal/blind.h"

enum { TRANSLATIONS_MAX = 8, CRISES_MAX = 64, GATEWAYS_MAX = 1024 };

struct translation {
    struct slice language; /* "en" */
    struct slice text;
};

struct translated {
    struct translation items[TRANSLATIONS_MAX];
    size_t count;
};

struct crisis_row {
    struct slice id;      /* "ner-2023"; NUL-terminated */
    struct slice country; /* ISO 3166-1 alpha-2; NUL-terminated */
    struct translated name;
    enum posture posture;
    unsigned advisory_level; /* 1 to 4 */
    struct slice routine_services;
    struct slice emergency_services;
    struct slice routine_elsewhere; /* outside the capital; empty: the same */
    struct slice emergency_elsewhere;
    struct slice evacuation;
    struct translated message;
    struct slice languages; /* separated by spaces, the default first */
    struct slice post_id;
    struct slice post_name;
    int64_t updated_us;
    int64_t check_in_every_us;
    int64_t check_in_every_in_danger_us;
    struct triage_policy policy;
};

struct gateway_row {
    struct slice name;
    struct slice kind;
    struct slice crisis;
    uint8_t secret_check[BLIND_SIZE]; /* BLIND_SESSION of a secret that is shown */
    struct slice signing_key;         /* locked (seal/locked.h); empty when it shows its secret */
    struct slice field_names;         /* see gateway_kind_with_names */
    bool sends;                       /* texts can be handed to it */
};

/* The rows of crisis_list.sql; copies into the arena. False when memory is out; more than CRISES_MAX are left out. */
bool crisis_row_read_all(const PGresult *result, struct arena *arena, struct crisis_row **rows, size_t *count);
/* The rows of gateway_list.sql. */
bool gateway_row_read_all(const PGresult *result, struct arena *arena, struct gateway_row **rows, size_t *count);

/* In that language, else English, else the first there is; empty when there is none. */
struct slice translated_text(const struct translated *translated, struct slice language);

#endif
