/* SPDX-License-Identifier: Apache-2.0
 * The blind index of names: what a person is found by, as keyed hashes of 8 bytes. The last bits of each say what it is of, so that the
 * register can compare like with like without a key. */
#ifndef STORE_NAME_INDEX_H
#define STORE_NAME_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/name.h"
#include "seal/blind.h"

/* Part of the stored format; sql/migrations/0024_duplicates.sql knows them too. */
enum name_key_kind {
    NAME_KEY_EXACT,  /* a word as spelt, folded */
    NAME_KEY_SOUND,  /* a word as heard */
    NAME_KEY_JOINED, /* two neighbouring words as heard in one */
    NAME_KEY_PREFIX, /* its first three letters, or five */
    NAME_KEY_BIRTH,  /* a word as heard, and a birth date */
    NAME_KEY_KINDS = 8,
};

enum { NAME_KEYS_MAX = NAME_TOKENS_MAX * 6 };

struct name_person {
    struct slice given_names;
    struct slice family_name;
    struct slice birth_date; /* "1979-03-21"; empty: not known */
};

int64_t name_index_key(const struct blind_keys *keys, enum name_key_kind kind, struct slice word,
                       struct slice birth_date);

/* Every key that a person is found by; returns how many. */
size_t name_index_of(const struct blind_keys *keys, const struct name_person *person, int64_t found[NAME_KEYS_MAX]);
/* As PostgreSQL writes an array: "{17,-4}". No data when memory is out. */
struct slice name_index_literal(struct arena *arena, const int64_t found[], size_t count);

#endif
