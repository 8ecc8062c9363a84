/* SPDX-License-Identifier: Apache-2.0
 * Finding a case code among words that are not one. */
#include "domain/sms_extract.h"

#include "core/case_code.h"

/* How a run of tokens is written, which decides what it takes to believe that it is a code. */
struct candidate {
    char symbols[CASE_CODE_SYMBOLS];
    size_t length;
    size_t first; /* tokens */
    size_t count;
    size_t digits;
    bool hyphenated; /* 5-5 */
    bool mixed;      /* some token has both letters and digits */
    bool labelled;   /* "case", "code", "dossier" before it */
    bool capitals;   /* the letters were typed as capitals, and the message is not shouted */
};

/* A message of more words than these in capitals only is shouted: then capitals mark no code, for "CHECKPOINT" fits too. */
enum { QUIET_WORDS_MAX = 3 };

static size_t count_digits(struct slice word)
{
    size_t digits = 0;
    for (size_t i = 0; i < word.length; i++) {
        digits += word.data[i] >= '0' && word.data[i] <= '9' ? 1 : 0;
    }
    return digits;
}

static bool has_small_letter(struct slice typed)
{
    for (size_t i = 0; i < typed.length; i++) {
        if (typed.data[i] >= 'a' && typed.data[i] <= 'z') {
            return true;
        }
    }
    return false;
}

static bool is_shouted(const struct sms_text *text)
{
    return text->count > QUIET_WORDS_MAX && !has_small_letter(text->original);
}

static bool add_token(const struct sms_text *text, size_t token, struct candidate *candidate)
{
    struct slice word = sms_text_word(text, token);
    const struct sms_token *t = &text->tokens[token];
    size_t digits = count_digits(word);
    if (t->used || t->row != NULL || candidate->length + word.length > CASE_CODE_SYMBOLS) {
        return false;
    }
    for (size_t i = 0; i < word.length; i++) {
        candidate->symbols[candidate->length++] = word.data[i];
    }
    candidate->count++;
    candidate->digits += digits;
    candidate->mixed = candidate->mixed || (digits > 0 && digits < word.length);
    candidate->capitals = candidate->capitals && !has_small_letter(sms_text_typed(text, token, token));
    return true;
}

/* Tokens from `first` on that make ten symbols: one of ten, two of five, or behind a label any groups. */
static bool gather(const struct sms_text *text, size_t first, bool labelled, struct candidate *candidate)
{
    *candidate = (struct candidate){.first = first, .labelled = labelled, .capitals = true};
    for (size_t i = first; i < text->count && candidate->length < CASE_CODE_SYMBOLS; i++) {
        if ((i > first && text->tokens[i - 1].gap >= SMS_GAP_BREAK) || !add_token(text, i, candidate)) {
            return false;
        }
        if (!labelled && candidate->length != CASE_CODE_SYMBOLS / 2 && candidate->length != CASE_CODE_SYMBOLS) {
            return false;
        }
    }
    candidate->hyphenated = candidate->count == 2 && text->tokens[first].gap == SMS_GAP_HYPHEN;
    return candidate->length == CASE_CODE_SYMBOLS;
}

/* The check fits: could it be chance all the same? One word in 32 fits. */
static bool is_believable(const struct candidate *candidate)
{
    if (candidate->labelled) {
        return true;
    }
    if (candidate->digits == CASE_CODE_SYMBOLS) {
        return false; /* far likelier a telephone number */
    }
    if (candidate->count == 1) {
        return candidate->digits > 0 || candidate->capitals;
    }
    return candidate->hyphenated || candidate->mixed; /* not "dosso 12345" */
}

/* The check does not fit: was it meant as a code? Only what no word or telephone number looks like. */
static bool is_meant(const struct candidate *candidate)
{
    bool both = candidate->digits > 0 && candidate->digits < CASE_CODE_SYMBOLS;
    return both && (candidate->labelled || candidate->hyphenated || (candidate->mixed && candidate->digits >= 2));
}

/* Reads a code at `first`; true when tokens were taken. */
static bool read_at(struct sms_text *text, size_t first, bool labelled, bool shouted, struct sms_reading *reading)
{
    struct candidate candidate;
    int64_t id = 0;
    if (!gather(text, first, labelled, &candidate)) {
        return false;
    }
    candidate.capitals = candidate.capitals && !shouted;
    enum case_code_reading result = case_code_parse(slice_make(candidate.symbols, candidate.length), &id);
    bool right = result == CASE_CODE_OK && is_believable(&candidate);
    bool wrong = result == CASE_CODE_MISTYPED && is_meant(&candidate);
    if (!right && !wrong) {
        return false;
    }
    for (size_t i = first; i < first + candidate.count; i++) {
        text->tokens[i].used = true;
    }
    if (right && !reading->has_case) {
        reading->has_case = true;
        reading->registration_id = id;
    }
    reading->case_mistyped = reading->case_mistyped || wrong;
    return true;
}

void sms_case_extract(struct sms_text *text, struct sms_reading *reading)
{
    bool labelled = false;
    bool shouted = is_shouted(text);
    for (size_t i = 0; i < text->count; i++) {
        const struct sms_row *row = text->tokens[i].row;
        if (row != NULL) { /* "case number is K7M2Q..." */
            labelled = row->meaning == SMS_CODE_LABEL || (labelled && row->meaning == SMS_FILLER);
            continue;
        }
        if ((labelled && read_at(text, i, true, shouted, reading)) || read_at(text, i, false, shouted, reading)) {
            labelled = false;
        }
    }
    if (reading->has_case) {
        reading->case_mistyped = false; /* written twice, once rightly */
    }
}
