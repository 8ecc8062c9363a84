/* SPDX-License-Identifier: Apache-2.0
 * The words of the tables by first letter and length, and the nearest of them to a word typed badly. */
#include "domain/sms_spelling.h"

#include "core/utf8.h"
#include "domain/gazetteer.h"
#include "domain/sms_words.h"

/* Shorter words are too near to one another; from the second length on two edits still tell which was meant. */
enum { LETTERS_MIN = 5, LETTERS_FOR_TWO = 8, WORD_LETTERS_MIN = LETTERS_MIN - 1 };
/* Comparisons letter by letter that a message may cost. One of ordinary words needs some six for each unknown word; only a text made
 * up to be dear needs more, and its last words stay as they were typed. */
enum { COMPARISONS_MAX = 4000 };
enum { BUCKETS = 1024, LETTER_BUCKETS = 32 };

/* What guessing a word does: the greater wins where two are as near. */
enum lean {
    LEAN_NONE, /* never guessed; only known, so that it is never taken for another */
    LEAN_SAFE, /* takes a person off the list: only when nothing else is near */
    LEAN_PART, /* a denial, a word of a longer phrase, being on the move */
    LEAN_HELP,
};

struct word {
    const char *text;
    uint32_t letters_in; /* a bit for each letter, folded to 32: most words are told apart by it alone */
    uint16_t next;       /* of its bucket; 1-based, 0 ends the chain */
    uint8_t length;      /* bytes */
    uint8_t lean;        /* enum lean */
    bool alone;          /* is a phrase by itself, and that decides its lean */
};

/* Made of the constant tables at the first word asked for and never changed after, as the index of phrases is. */
static struct {
    bool built;
    size_t count;
    uint16_t head[BUCKETS];
    struct word words[SMS_SPELLING_WORDS_MAX];
} book;

struct letters {
    uint16_t at[SMS_SPELLING_LETTERS_MAX];
    size_t count; /* past the limit when the word is too long to be one */
    uint32_t in;
    bool digit;
};

static void spell(struct slice word, struct letters *letters)
{
    letters->count = 0;
    letters->in = 0;
    letters->digit = false;
    while (word.length > 0) {
        uint32_t c = (unsigned char)word.data[0];
        if (c < 0x80) { /* as utf8_next, of which most words need nothing */
            word = (struct slice){word.data + 1, word.length - 1};
        } else if (!utf8_next(&word, &c)) {
            letters->count = SMS_SPELLING_LETTERS_MAX;
        }
        if (letters->count == SMS_SPELLING_LETTERS_MAX) {
            letters->count++;
            return;
        }
        letters->at[letters->count++] = (uint16_t)(c > UINT16_MAX ? UINT16_MAX : c);
        letters->in |= UINT32_C(1) << (c % 32);
        letters->digit = letters->digit || (c >= '0' && c <= '9');
    }
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The letters between what two words begin and end with alike: few, where it matters. */
struct span {
    const uint16_t *at;
    size_t count;
};

static void cut_ends(struct span *a, struct span *b)
{
    while (a->count > 0 && b->count > 0 && a->at[0] == b->at[0]) {
        *a = (struct span){a->at + 1, a->count - 1};
        *b = (struct span){b->at + 1, b->count - 1};
    }
    while (a->count > 0 && b->count > 0 && a->at[a->count - 1] == b->at[b->count - 1]) {
        a->count--;
        b->count--;
    }
}

static unsigned count_edits(const struct letters *first, const struct letters *second, unsigned max)
{
    unsigned rows[3][SMS_SPELLING_LETTERS_MAX + 1]; /* the last three of the table, in turn */
    struct span a = {first->at, first->count};
    struct span b = {second->at, second->count};
    cut_ends(&a, &b);
    for (unsigned j = 0; j <= b.count; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.count; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3];
        const unsigned *above_that = rows[(i + 1) % 3];
        unsigned nearest = row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.count; j++) {
            row[j] = above[j - 1] + (a.at[i - 1] == b.at[j - 1] ? 0U : 1U);
            row[j] = least(row[j], least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1]) {
                row[j] = least(row[j], above_that[j - 2] + 1);
            }
            nearest = least(nearest, row[j]);
        }
        if (nearest > max) {
            return max + 1; /* rows never come nearer: a swap costs what it saves */
        }
    }
    return least(rows[a.count % 3][b.count], max + 1);
}

unsigned sms_spelling_distance(struct slice a, struct slice b, unsigned max)
{
    struct letters first;
    struct letters second;
    if (slice_equal(a, b)) {
        return 0;
    }
    spell(a, &first);
    spell(b, &second);
    if (first.count > SMS_SPELLING_LETTERS_MAX || second.count > SMS_SPELLING_LETTERS_MAX) {
        return max + 1;
    }
    unsigned edits = count_edits(&first, &second, max);
    return edits > 0 ? edits : least(1, max + 1); /* letters beyond the plane look alike */
}

static enum lean lean_of(const struct sms_row *row)
{
    switch (row->meaning) {
    case SMS_STATUS:
        return row->value == STATUS_DEPARTED ? LEAN_SAFE : row->value == STATUS_MOVING ? LEAN_PART : LEAN_HELP;
    case SMS_SUPPLY:
    case SMS_CONDITION:
    case SMS_REQUEST:
    case SMS_TRAPPED:
    case SMS_UNDER_FIRE:
    case SMS_EVACUATE:
        return LEAN_HELP;
    case SMS_NOT:
    case SMS_NO:
        return LEAN_PART;
    case SMS_SAFE:
    case SMS_WELL:
        return LEAN_SAFE;
    default:
        return LEAN_NONE;
    }
}

static size_t bucket_of(uint32_t letter, size_t count)
{
    return (letter * LETTER_BUCKETS + count) % BUCKETS;
}

static struct word *find_word(struct slice text, size_t bucket)
{
    for (unsigned place = book.head[bucket]; place > 0; place = book.words[place - 1].next) {
        struct word *word = &book.words[place - 1];
        if (slice_equal(slice_make(word->text, word->length), text)) {
            return word;
        }
    }
    return NULL;
}

static void add_word(struct slice text, bool alone, enum lean lean)
{
    struct letters letters;
    spell(text, &letters);
    if (letters.count < WORD_LETTERS_MIN || letters.count > SMS_SPELLING_LETTERS_MAX) {
        return;
    }
    size_t bucket = bucket_of(letters.at[0], letters.count);
    struct word *word = find_word(text, bucket);
    if (word == NULL && book.count < SMS_SPELLING_WORDS_MAX) {
        word = &book.words[book.count++];
        *word = (struct word){text.data, letters.in, book.head[bucket], (uint8_t)text.length, LEAN_NONE, false};
        book.head[bucket] = (uint16_t)book.count;
    }
    if (word == NULL || (word->alone && !alone)) {
        return;
    }
    bool kept = word->alone == alone && word->lean >= lean; /* a phrase by itself says more than a part of one */
    word->lean = (uint8_t)(kept ? word->lean : lean);
    word->alone = alone;
}

static void add_phrase(struct slice phrase, const struct sms_row *row)
{
    enum lean lean = lean_of(row);
    bool alone = slice_index(phrase, ' ') == phrase.length;
    struct slice text;
    while (slice_split(&phrase, ' ', &text)) {
        add_word(text, alone, !alone && lean == LEAN_HELP ? LEAN_PART : lean);
    }
}

static void build(void)
{
    book.built = true;
    for (size_t i = 0; i < sms_words_table_count; i++) {
        const struct sms_lexicon *lexicon = sms_words_lexicon(i);
        for (size_t j = 0; j < lexicon->count; j++) {
            struct slice rest = slice_of(lexicon->rows[j].phrases);
            struct slice phrase;
            while (slice_split(&rest, ',', &phrase)) {
                add_phrase(slice_trim(phrase), &lexicon->rows[j]);
            }
        }
    }
}

struct slice sms_spelling_word(unsigned place)
{
    return slice_make(book.words[place - 1].text, book.words[place - 1].length);
}

size_t sms_spelling_count(void)
{
    if (!book.built) {
        build();
    }
    return book.count;
}

struct guess {
    unsigned place; /* 1-based; 0 for none */
    unsigned edits;
    enum lean lean;
    bool cry_near;         /* a word that leans to help or denial is within reach, whether or not nearest */
    bool known;            /* it is a word of the tables */
    unsigned *comparisons; /* left for the message */
};

static unsigned count_bits(uint32_t bits)
{
    return (unsigned)__builtin_popcount(bits);
}

static void weigh(struct guess *guess, const struct letters *typed, unsigned place, unsigned max)
{
    const struct word *word = &book.words[place - 1];
    struct letters letters;
    if (count_bits(word->letters_in ^ typed->in) > 2 * max || *guess->comparisons == 0) {
        return; /* each edit makes a letter come, go, or both */
    }
    --*guess->comparisons;
    spell(slice_make(word->text, word->length), &letters);
    unsigned edits = count_edits(typed, &letters, max);
    guess->known = guess->known || edits == 0;
    if (edits > max || word->lean == LEAN_NONE) {
        return;
    }
    enum lean lean = word->lean;
    guess->cry_near = guess->cry_near || lean > LEAN_SAFE;
    if (guess->place == 0 || edits < guess->edits || (edits == guess->edits && lean > guess->lean)) {
        guess->place = place;
        guess->edits = edits;
        guess->lean = lean;
    }
}

static void weigh_bucket(struct guess *guess, const struct letters *typed, size_t bucket, unsigned max)
{
    for (unsigned place = book.head[bucket]; place > 0; place = book.words[place - 1].next) {
        weigh(guess, typed, place, max);
    }
}

/* Before a word is taken for "safe", cries that begin with another letter count too: "insafe" is "unsafe" as much as "im safe". */
static bool is_cry_anywhere_near(struct guess *guess, const struct letters *typed, unsigned max)
{
    for (unsigned place = 1; place <= book.count && !guess->cry_near; place++) {
        if (book.words[place - 1].lean > LEAN_SAFE) {
            weigh(guess, typed, place, max);
        }
    }
    return guess->cry_near || *guess->comparisons == 0;
}

/* Hardly anybody mistypes the first letter of a word, but by swapping it with the second: that keeps the lists short, and
 * "found" from being a "wound". */
static unsigned guess_word(struct slice word, const struct gazetteer *names, unsigned *comparisons, bool *hides)
{
    struct letters typed;
    struct guess guess = {.comparisons = comparisons};
    spell(word, &typed);
    if (typed.count < LETTERS_MIN || typed.count > SMS_SPELLING_LETTERS_MAX || typed.digit) {
        return 0;
    }
    unsigned max = typed.count >= LETTERS_FOR_TWO ? 2 : 1;
    for (size_t count = typed.count - max; count <= typed.count + max; count++) {
        weigh_bucket(&guess, &typed, bucket_of(typed.at[0], count), max);
    }
    if (typed.at[1] != typed.at[0]) {
        weigh_bucket(&guess, &typed, bucket_of(typed.at[1], typed.count), 1);
    }
    if (guess.known || guess.place == 0 || *comparisons == 0) {
        return 0;
    }
    if (gazetteer_has_word(names, word)) {
        *hides = *hides || (guess.lean > LEAN_SAFE && !gazetteer_has_word(gazetteer_shipped(names), word));
        return 0;
    }
    unsigned place = guess.place;
    return guess.lean == LEAN_SAFE && is_cry_anywhere_near(&guess, &typed, max) ? 0 : place;
}

bool sms_spelling_correct(struct sms_text *text, const struct gazetteer *names, bool *hides)
{
    bool any = false;
    *hides = false;
    unsigned comparisons = COMPARISONS_MAX;
    if (!book.built) {
        build();
    }
    for (size_t i = 0; i < text->count; i++) {
        struct sms_token *token = &text->tokens[i];
        if (!token->used && token->row == NULL) {
            token->meant = (uint16_t)guess_word(sms_text_word(text, i), names, &comparisons, hides);
            any = any || token->meant > 0;
        }
    }
    return any;
}
