/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of search_find.sql. */
#include "store/search.h"

#include <string.h>

#include "core/case_code.h"
#include "domain/phone.h"
#include "pg/pool.h"
#include "store/derive.h"
#include "store/name_index.h"

enum { PHONE_DIGITS_LEAST = 6, DOCUMENT_LEAST = 5, WORD_KEYS_MAX = 8, LETTERS = 26 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_digits(struct slice text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.length; i++) {
        digits += is_digit(text.data[i]) ? 1 : 0;
    }
    return digits;
}

static bool has_letter(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80) {
            return true;
        }
    }
    return false;
}

static void read_case(struct search_terms *terms, struct slice text)
{
    if (case_code_parse(text, &terms->ids[terms->id_count]) == CASE_CODE_OK) {
        terms->id_count++;
        terms->kinds |= SEARCH_BY_CASE;
    }
}

/* Of a stranger the number is the party's, too. */
static void read_phone(struct search_terms *terms, struct slice text, const struct blind_keys *keys)
{
    char e164[PHONE_E164_SIZE];
    if (count_digits(text) < PHONE_DIGITS_LEAST || has_letter(text)) {
        return;
    }
    for (size_t i = 0; i < terms->country_count; i++) {
        if (phone_normalise(text, terms->countries[i], e164)) {
            derive_phone_index(keys, slice_of(e164), terms->phones[terms->phone_count++]);
            terms->ids[terms->id_count++] = derive_stranger_id(keys, slice_of(e164));
            terms->kinds |= SEARCH_BY_PHONE;
        }
    }
}

static bool read_document(struct search_terms *terms, struct slice text, const struct blind_keys *keys,
                          struct arena *arena)
{
    if (text.length < DOCUMENT_LEAST || count_digits(text) < 3) {
        return true;
    }
    terms->documents = arena_array(arena, COUNTRY_COUNT + 1, sizeof(*terms->documents));
    if (terms->documents == NULL) {
        return false;
    }
    derive_document_index(keys, SLICE(""), text, terms->documents[terms->document_count++]);
    for (int i = 0; i < LETTERS * LETTERS && terms->document_count <= COUNTRY_COUNT; i++) {
        const char code[2] = {(char)('A' + i / LETTERS), (char)('A' + i % LETTERS)};
        if (country_is_code(slice_make(code, sizeof(code)))) {
            derive_document_index(keys, slice_make(code, sizeof(code)), text,
                                  terms->documents[terms->document_count++]);
        }
    }
    terms->kinds |= SEARCH_BY_DOCUMENT;
    return true;
}

bool search_terms_read(struct search_terms *terms, struct slice text, const struct blind_keys *keys,
                       struct arena *arena)
{
    struct slice asked = slice_trim(text);
    terms->kinds = 0;
    terms->id_count = terms->phone_count = terms->document_count = terms->words.count = 0;
    read_case(terms, asked);
    read_phone(terms, asked, keys);
    if (count_digits(asked) == 0) {
        name_add(&terms->words, asked);
        terms->kinds |= terms->words.count > 0 ? SEARCH_BY_NAME : 0;
    }
    return read_document(terms, asked, keys, arena);
}

struct word_keys {
    int64_t keys[WORD_KEYS_MAX];
    size_t count;
};

static void add_key(struct word_keys *word, const struct blind_keys *keys, enum name_key_kind kind, struct slice text)
{
    if (word->count < WORD_KEYS_MAX) {
        word->keys[word->count++] = name_index_key(keys, kind, text, SLICE(""));
    }
}

/* Whoever is meant by a word has one of these. */
static struct word_keys keys_of_word(const struct name_tokens *words, size_t at, const struct blind_keys *keys)
{
    struct word_keys word = {.count = 0};
    const struct name_token *token = &words->items[at];
    struct name_token joined;
    struct slice prefix;
    add_key(&word, keys, NAME_KEY_EXACT, slice_of(token->spelling));
    add_key(&word, keys, NAME_KEY_SOUND, slice_of(token->sound));
    add_key(&word, keys, NAME_KEY_JOINED, slice_of(token->sound));
    if (name_prefix(token, NAME_PREFIX_LONG, &prefix) || name_prefix(token, NAME_PREFIX_SHORT, &prefix)) {
        add_key(&word, keys, NAME_KEY_PREFIX, prefix);
    }
    if (at > 0 && name_join(&words->items[at - 1], token, &joined)) {
        add_key(&word, keys, NAME_KEY_SOUND, slice_of(joined.sound));
    }
    if (at + 1 < words->count && name_join(token, &words->items[at + 1], &joined)) {
        add_key(&word, keys, NAME_KEY_SOUND, slice_of(joined.sound));
    }
    return word;
}

static void add_names(struct pg_params *params, const struct name_tokens *words, const struct blind_keys *keys)
{
    struct word_keys word[NAME_TOKENS_MAX];
    pg_column_begin(params, PG_INT8);
    for (size_t i = 0; i < words->count; i++) {
        word[i] = keys_of_word(words, i, keys);
        for (size_t k = 0; k < word[i].count; k++) {
            pg_add_int8(params, word[i].keys[k]);
        }
    }
    pg_column_end(params);
    pg_column_begin(params, PG_INT4);
    for (size_t i = 0; i < words->count; i++) {
        pg_add_int4(params, (int32_t)word[i].count);
    }
    pg_column_end(params);
}

void search_find_params(struct pg_params *params, const struct search_terms *terms, const struct blind_keys *keys,
                        int most, const char *recipient_id)
{
    pg_column_begin(params, PG_INT8);
    for (size_t i = 0; i < terms->id_count; i++) {
        pg_add_int8(params, terms->ids[i]);
    }
    pg_column_end(params);
    pg_column_begin(params, PG_BYTEA);
    for (size_t i = 0; i < terms->phone_count; i++) {
        pg_add_bytea(params, slice_make(terms->phones[i], BLIND_SIZE));
    }
    pg_column_end(params);
    pg_column_begin(params, PG_BYTEA);
    for (size_t i = 0; i < terms->document_count; i++) {
        pg_add_bytea(params, slice_make(terms->documents[i], BLIND_SIZE));
    }
    pg_column_end(params);
    add_names(params, &terms->words, keys);
    pg_add_int4(params, most);
    pg_add_text(params, slice_of(recipient_id));
}

void search_row_read(const PGresult *result, int row, struct search_row *found)
{
    *found = (struct search_row){
        .registration_id = pg_get_int(result, row, 0),
        .by = (unsigned)pg_get_int(result, row, 1),
        .state = pg_get_slice(result, row, 2),
        .party_size = pg_get_int(result, row, 3),
        .last_status = pg_get_slice(result, row, 4),
        .post = pg_get_slice(result, row, 5),
        .queue = pg_get_slice(result, row, 6),
        .band = pg_get_int(result, row, 7),
        .case_state = pg_get_slice(result, row, 8),
        .ordinal = (unsigned)pg_get_int(result, row, 9),
        .person = {.sealed = pg_get_slice(result, row, 11), .wrap = pg_get_slice(result, row, 12)},
        .member_of = pg_get_int(result, row, 13),
    };
    (void)pg_get_uuid(result, row, 10, &found->person.epoch_id); /* null without a member: nothing is opened */
}
