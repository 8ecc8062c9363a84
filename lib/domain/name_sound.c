/* SPDX-License-Identifier: Apache-2.0
 * A name keeps its consonants from one spelling to the next and changes its vowels, so the key is the consonants, each class of them one
 * symbol, with the first vowel where a name starts with it or is short. H, W and Y stand for sounds, J for j, dj and soft g; A and U for vowels.
 * Who sounds alike is only found by this: spellings and birth dates then say who is likely meant. */
#include "domain/name_sound.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/utf8.h"

enum { LATIN_MAX = 2 * NAME_SPELLING_MAX };

/* Consonants of more than one letter; the first that fits counts. */
static const struct {
    const char *letters;
    const char *sound;
} groups[] = {
    {"tch", "s"}, {"tsh", "s"}, {"sch", "s"}, {"ch", "s"}, {"sh", "s"}, {"kh", "k"}, {"gh", "g"}, {"ph", "f"},
    {"th", "t"},  {"dh", "d"},  {"dj", "J"},  {"ck", "k"}, {"qu", "k"}, {"gn", "n"}, {"x", "ks"},
};

/* One letter each, a to z; a dot: it has no sound of its own, or is looked at before. */
static const char singles[] = ".b.d.f...Jklmn.pkrst.v...s";
_Static_assert(sizeof(singles) == 26 + 1, "one a letter");

/* Spellings that no rule brings together. */
static const struct {
    const char *word;
    const char *as;
} words[] = {
    {"hadiza", "khadija"},    {"hadija", "khadija"},     {"hadidja", "khadija"},   {"aboubacar", "boubacar"},
    {"abubakar", "boubacar"}, {"aboubakar", "boubacar"}, {"abubacar", "boubacar"}, {"brahim", "ibrahim"},
    {"brahima", "ibrahim"},   {"othman", "ousmane"},     {"uthman", "ousmane"},    {"othmane", "ousmane"},
    {"fatoumata", "fatouma"}, {"fatimata", "fatouma"},   {"mahamat", "mahamadou"}, {"mahamet", "mahamadou"},
    {"mehmet", "mahamadou"},  {"mohd", "mahamadou"},     {"yahya", "yaya"},        {"yahaya", "yaya"},
    {"yehia", "yaya"},        {"abdulahi", "abdoulaye"}, {"inoussa", "younoussa"}, {"احمد", "ahmed"},
    {"عمر", "omar"},          {"عثمان", "ousmane"},      {"عبدالله", "abdoulaye"}, {"خديجه", "khadija"},
    {"ابوبكر", "boubacar"},
};

/* Keys that differ only by what one writer hears and another does not. */
static const struct {
    const char *key;
    const char *as;
} keys[] = {{"AbdlH", "Abdl"}, {"AblH", "Abdl"}, {"Abl", "Abdl"}};

/* Arabic letters in their one form, U+0621 to U+064A, as Latin ones; a dot: it is not heard. */
static const char *const arabic[] = {
    ".", "a", "a", ".", "a",  ".", "a", "b", "h", "t", "t", "j", "h", "kh", "d", "d", "r", "z", "s",  "sh", "s",
    "d", "t", "z", "a", "gh", ".", ".", ".", ".", ".", ".", "f", "k", "k",  "l", "m", "n", "h", "ou", "i",  "i",
};
enum { ARABIC_FIRST = 0x621, ARABIC_COUNT = sizeof(arabic) / sizeof(arabic[0]) };
_Static_assert(ARABIC_FIRST + ARABIC_COUNT == 0x64B, "U+064A is the last");

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

static bool is_latin(struct slice word)
{
    for (size_t i = 0; i < word.length; i++) {
        if (word.data[i] < 'a' || word.data[i] > 'z') {
            return false;
        }
    }
    return true;
}

/* Short vowels are not written in Arabic: one is put between consonants, for the rules need to know where one is. Empty: of no script that has
 * sounds here. */
static struct slice transliterate(struct slice word, char latin[LATIN_MAX])
{
    size_t used = 0;
    uint32_t c = 0;
    if (is_latin(word)) {
        return word;
    }
    bool consonant_before = false;
    struct slice rest = word;
    while (utf8_next(&rest, &c)) {
        if (c < ARABIC_FIRST || c >= ARABIC_FIRST + ARABIC_COUNT) {
            return slice_make(latin, 0);
        }
        const char *letters = arabic[c - ARABIC_FIRST];
        if (used == 0 && letters[0] == 'i') {
            letters = "y";
        }
        bool consonant = letters[0] != '.' && !is_vowel(letters[0]);
        if (used + 4 > LATIN_MAX) {
            break;
        }
        if (consonant && consonant_before) {
            latin[used++] = 'a';
        }
        for (const char *l = letters; *l != '\0' && *l != '.'; l++) {
            latin[used++] = *l;
        }
        consonant_before = consonant;
    }
    return slice_make(latin, used);
}

struct reading {
    struct slice word;
    size_t at;
    char *key;
    size_t length;
    bool doubled;     /* nothing was between the last symbol and this letter */
    char first_vowel; /* A, U; 0: none yet */
};

static char letter(const struct reading *r, size_t at)
{
    return at < r->word.length ? r->word.data[at] : '\0';
}

static void add(struct reading *r, char symbol)
{
    bool again = r->doubled && r->length > 0 && r->key[r->length - 1] == symbol;
    if (!again && r->length < NAME_SOUND_MAX) {
        r->key[r->length++] = symbol;
    }
    r->doubled = true;
}

static bool read_group(struct reading *r)
{
    struct slice rest = slice_sub(r->word, r->at, r->word.length);
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        if (slice_starts_with(rest, slice_of(groups[i].letters))) {
            for (const char *symbol = groups[i].sound; *symbol != '\0'; symbol++) {
                add(r, *symbol);
            }
            r->at += strlen(groups[i].letters);
            return true;
        }
    }
    return false;
}

/* W between vowels or before the first, however written: Hawa, Haoua; Wali, Ouali. */
static size_t letters_of_w(const struct reading *r)
{
    bool open = r->at == 0 || is_vowel(letter(r, r->at - 1));
    size_t length = letter(r, r->at) == 'w'                                               ? 1
                    : letter(r, r->at) == 'o' && letter(r, r->at + 1) == 'u'              ? 2
                    : r->at > 0 && letter(r, r->at) == 'u' && letter(r, r->at - 1) != 'o' ? 1
                                                                                          : 0;
    return open && length > 0 && is_vowel(letter(r, r->at + length)) ? length : 0;
}

static void read_vowel(struct reading *r)
{
    char c = letter(r, r->at);
    char kind = c == 'o' || c == 'u' ? 'U' : 'A';
    if (r->first_vowel == '\0') {
        r->first_vowel = kind;
        if (r->length == 0) {
            add(r, kind);
        }
    }
    r->doubled = false;
    r->at++;
}

/* i and y before a vowel are Y where a name starts. */
static bool is_initial_y(const struct reading *r)
{
    char next = letter(r, r->at + 1);
    return r->at == 0 && ((letter(r, 0) == 'y' && is_vowel(next)) ||
                          (letter(r, 0) == 'i' && (next == 'o' || next == 'a' || next == 'u')));
}

static void read_consonant(struct reading *r)
{
    char c = letter(r, r->at), next = letter(r, r->at + 1);
    bool soft = next == 'e' || next == 'i' || next == 'y';
    if (c == 'd' && next == 'i' && is_vowel(letter(r, r->at + 2))) { /* Diallo is Jallow */
        add(r, 'J');
        r->at += 2;
        r->doubled = false;
        return;
    }
    if (c == 'h') {
        if (r->at > 0 && is_vowel(letter(r, r->at - 1)) && is_vowel(next)) {
            add(r, 'H');
        }
    } else if (c == 'c' || c == 'g') {
        add(r, c == 'c' ? (soft ? 's' : 'k') : (soft ? 'J' : 'g'));
    } else if (singles[c - 'a'] != '.') {
        add(r, singles[c - 'a']);
    }
    r->at++;
}

static void read_letter(struct reading *r)
{
    size_t w = letters_of_w(r);
    if (w > 0) {
        add(r, 'W');
        r->at += w;
        r->doubled = false;
    } else if (is_initial_y(r)) {
        add(r, 'Y');
        r->at++;
    } else if (is_vowel(letter(r, r->at))) {
        read_vowel(r);
    } else if (!read_group(r)) {
        read_consonant(r);
    }
}

/* The article's l is not heard before these: Abdoul Rahmane is Abderrahmane. */
static void assimilate(struct reading *r)
{
    enum { STEM = 4 };
    if (r->length > STEM && memcmp(r->key, "Abdl", STEM) == 0 && strchr("rsntd", r->key[STEM]) != NULL) {
        memmove(r->key + STEM - 1, r->key + STEM, r->length - STEM);
        r->length--;
    }
}

/* Two consonants are too few to tell names apart. */
static void finish(struct reading *r)
{
    bool vowel_first = r->length > 0 && (r->key[0] == 'A' || r->key[0] == 'U');
    assimilate(r);
    if (r->length > 0 && r->length <= 2 && !vowel_first && r->first_vowel != '\0') {
        r->key[r->length++] = r->first_vowel;
    }
    r->key[r->length] = '\0';
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(keys[i].key, r->key) == 0) {
            r->length = strlen(keys[i].as);
            memcpy(r->key, keys[i].as, r->length + 1);
            break;
        }
    }
}

static struct slice known_as(struct slice word)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (slice_equal(slice_of(words[i].word), word)) {
            return slice_of(words[i].as);
        }
    }
    return word;
}

void name_sound(struct slice word, char sound[NAME_SPELLING_MAX + 1])
{
    char latin[LATIN_MAX];
    struct reading r = {.word = transliterate(known_as(word), latin), .key = sound};
    while (r.at < r.word.length) {
        read_letter(&r);
    }
    finish(&r);
    if (r.length == 0) {
        size_t length = word.length <= NAME_SPELLING_MAX ? word.length : NAME_SPELLING_MAX;
        memcpy(sound, word.data, length);
        sound[length] = '\0';
    }
}
