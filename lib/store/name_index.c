/* SPDX-License-Identifier: Apache-2.0
 * Kind, word and date in one hash, its last bits replaced by the kind. */
#include "store/name_index.h"

#include <stdio.h>
#include <string.h>

enum { DATE_SIZE = 10, INPUT_MAX = 1 + NAME_SPELLING_MAX + 1 + DATE_SIZE };

int64_t name_index_key(const struct blind_keys *keys, enum name_key_kind kind, struct slice word,
                       struct slice birth_date)
{
    char input[INPUT_MAX];
    uint8_t value[BLIND_SIZE];
    uint64_t number = 0;
    size_t used = 0;
    struct slice kept = slice_sub(word, 0, NAME_SPELLING_MAX), date = slice_sub(birth_date, 0, DATE_SIZE);
    input[used++] = (char)('0' + kind);
    if (kept.length > 0) {
        memcpy(input + used, kept.data, kept.length);
        used += kept.length;
    }
    if (date.length > 0) {
        input[used++] = ':'; /* no letter of a word */
        memcpy(input + used, date.data, date.length);
        used += date.length;
    }
    blind(keys, BLIND_NAME, slice_make(input, used), value);
    for (size_t i = 0; i < sizeof(number); i++) {
        number = (number << 8) | value[i];
    }
    number = (number & ~(uint64_t)(NAME_KEY_KINDS - 1)) | (uint64_t)kind;
    int64_t key = 0;
    memcpy(&key, &number, sizeof(key));
    return key;
}

struct gathering {
    const struct blind_keys *keys;
    struct slice birth_date;
    int64_t *found;
    size_t count;
};

static void add(struct gathering *g, enum name_key_kind kind, struct slice word, struct slice birth_date)
{
    int64_t key = name_index_key(g->keys, kind, word, birth_date);
    for (size_t i = 0; i < g->count; i++) {
        if (g->found[i] == key) {
            return;
        }
    }
    if (g->count < NAME_KEYS_MAX) {
        g->found[g->count++] = key;
    }
}

static void add_word(struct gathering *g, const struct name_token *token)
{
    struct slice none = SLICE(""), prefix;
    add(g, NAME_KEY_EXACT, slice_of(token->spelling), none);
    add(g, NAME_KEY_SOUND, slice_of(token->sound), none);
    if (name_prefix(token, NAME_PREFIX_SHORT, &prefix)) {
        add(g, NAME_KEY_PREFIX, prefix, none);
    }
    if (name_prefix(token, NAME_PREFIX_LONG, &prefix)) {
        add(g, NAME_KEY_PREFIX, prefix, none);
    }
    if (g->birth_date.length > 0 && name_tells(token)) {
        add(g, NAME_KEY_BIRTH, slice_of(token->sound), g->birth_date);
    }
}

size_t name_index_of(const struct blind_keys *keys, const struct name_person *person, int64_t found[NAME_KEYS_MAX])
{
    struct gathering g = {.keys = keys, .birth_date = person->birth_date, .found = found};
    struct name_tokens tokens = {.count = 0};
    struct name_token joined;
    name_add(&tokens, person->given_names);
    name_add(&tokens, person->family_name);
    for (size_t i = 0; i < tokens.count; i++) {
        add_word(&g, &tokens.items[i]);
        if (i > 0 && name_join(&tokens.items[i - 1], &tokens.items[i], &joined)) {
            add(&g, NAME_KEY_JOINED, slice_of(joined.sound), SLICE(""));
        }
    }
    return g.count;
}

struct slice name_index_literal(struct arena *arena, const int64_t found[], size_t count)
{
    enum { DIGITS_MAX = 21 };
    char *text = arena_alloc(arena, count * DIGITS_MAX + 3);
    size_t used = 0;
    if (text == NULL) {
        return slice_make(NULL, 0);
    }
    text[used++] = '{';
    for (size_t i = 0; i < count; i++) {
        int length = snprintf(text + used, DIGITS_MAX + 1, i > 0 ? ",%lld" : "%lld", (long long)found[i]);
        used += (size_t)length;
    }
    text[used++] = '}';
    return slice_make(text, used);
}
