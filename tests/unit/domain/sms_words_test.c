/* SPDX-License-Identifier: Apache-2.0
 * That the tables of words are written so that the reader can find every phrase in them. */
#include "domain/sms_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/buffer.h"
#include "core/utf8.h"
#include "domain/gazetteer.h"
#include "domain/sms_text.h"

static bool is_folded(struct slice phrase)
{
    char folded[512];
    size_t length = 0;
    struct slice rest = phrase;
    uint32_t c = 0;
    while (utf8_next(&rest, &c)) {
        assert_true(length + 8 < sizeof(folded));
        length += sms_text_fold(c, folded + length);
    }
    return rest.length == 0 && slice_equal(slice_make(folded, length), phrase);
}

/* Words of letters and digits, single spaces between them. */
static bool is_well_formed(struct slice phrase, size_t words_max)
{
    struct slice rest = phrase;
    struct slice word;
    size_t words = 0;
    while (slice_split(&rest, ' ', &word)) {
        words++;
        if (word.length == 0) {
            return false;
        }
        for (size_t i = 0; i < word.length; i++) {
            char ch = word.data[i];
            if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || (unsigned char)ch >= 0x80)) {
                return false;
            }
        }
    }
    return words > 0 && words <= words_max && phrase.data[phrase.length - 1] != ' ';
}

static void test_phrases_are_folded(void **state)
{
    size_t total = 0;
    (void)state;
    for (size_t i = 0; i < sms_words_table_count; i++) {
        const struct sms_lexicon *lexicon = sms_words_lexicon(i);
        for (size_t j = 0; j < lexicon->count; j++) {
            struct slice rest = slice_of(lexicon->rows[j].phrases);
            struct slice phrase;
            while (slice_split(&rest, ',', &phrase)) {
                phrase = slice_trim(phrase);
                total++;
                if (!is_folded(phrase) || !is_well_formed(phrase, SMS_PHRASE_MAX)) {
                    fail_msg("%s: \"%.*s\" is not in folded form", lexicon->language, SLICE_ARGS(phrase));
                }
            }
        }
    }
    assert_true(sms_words_table_count <= SMS_LEXICONS_MAX);
    assert_string_equal(sms_words_lexicon(SMS_ANY)->language, "");
    assert_true(total <= SMS_PHRASES_MAX);
    assert_int_equal(total, sms_words_count());
    assert_null(sms_words_lexicon(sms_words_table_count));
}

/* A phrase that stands twice in one language would be heard as only one of its meanings. */
static void test_phrases_stand_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sms_words_table_count; i++) {
        const struct sms_lexicon *lexicon = sms_words_lexicon(i);
        for (size_t j = 0; j < lexicon->count; j++) {
            struct slice rest = slice_of(lexicon->rows[j].phrases);
            struct slice phrase;
            while (slice_split(&rest, ',', &phrase)) {
                phrase = slice_trim(phrase);
                struct slice first = slice_sub(phrase, 0, slice_index(phrase, ' '));
                unsigned found = 0;
                for (const struct sms_phrase *p = sms_words_first(first); p != NULL; p = sms_words_next(p)) {
                    found += p->lexicon == i && slice_equal(slice_make(p->text, p->length), phrase) ? 1 : 0;
                }
                if (found != 1) {
                    fail_msg("%s: \"%.*s\" is found %u times", lexicon->language, SLICE_ARGS(phrase), found);
                }
            }
        }
    }
}

static void test_gazetteer(void **state)
{
    (void)state;
    const struct gazetteer *niger = gazetteer_of_country(SLICE("NE"));
    size_t count = 0;
    assert_true(gazetteer_count(niger) > 70);
    for (size_t i = 0; i < gazetteer_count(niger); i++) {
        const struct gazetteer_place *place = gazetteer_at(niger, i);
        struct slice name = slice_of(place->folded);
        if (!is_folded(name) || !is_well_formed(name, GAZETTEER_WORDS_MAX) ||
            gazetteer_find(niger, name, &count) != place || count != 1) {
            fail_msg("\"%s\" is not in folded form, or stands twice", place->folded);
        }
        assert_true(place->lat > 11.6 && place->lat < 23.6 && place->lon > 0.1 && place->lon < 16.0); /* Niger */
    }
    assert_null(gazetteer_at(niger, gazetteer_count(niger)));
    assert_null(gazetteer_find(niger, (struct slice){NULL, 0}, &count));
    assert_null(gazetteer_find(niger, SLICE("atlantis"), &count));
    assert_true(gazetteer_has_word(niger, SLICE("konni")) && !gazetteer_has_word(niger, SLICE("atlantis")));
}

static void test_folding(void **state)
{
    static const struct {
        const char *typed;
        const char *folded;
    } pairs[] = {
        {"\xC3\x89t\xC3\xA9", "ete"},
        {"C\xC5\x92UR \xC3\x86on Stra\xC3\x9F"
         "e",
         "coeur aeon strasse"},
        {"ha\xC9\x97"
         "ari \xC6\x99"
         "asa \xC9\x93"
         "era \xC6\xB4"
         "an",
         "hadari kasa bera yan"},
        {"\xC5\x8B"
         "waari",
         "nwaari"},
        {"l\xE2\x80\x99"
         "eau",
         "l'eau"},
        {"e\xCC\x81t\xC3\xA9", "ete"},
        {"\xD9\xA1\xD9\xA2\xD9\xAB\xD9\xA3", "12.3"},
        {"\xDB\xB1\xDB\xB2", "12"},
        {"\xEF\xBC\xA8\xEF\xBD\x85\xEF\xBC\x91", "he1"},
        {"13\xC2\xB0", "13*"},
        {"a\xE2\x80\x8B"
         "b\xEF\xBB\xBF"
         "c",
         "abc"},
        {"\xF0\x9F\x86\x98", " sos "},
        {"\xD8\xA3\xD8\xA5\xD8\xA2\xD9\x89\xD8\xA9\xD9\x8B", "\xD8\xA7\xD8\xA7\xD8\xA7\xD9\x8A\xD9\x87"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char folded[128];
        size_t length = 0;
        struct slice rest = slice_of(pairs[i].typed);
        uint32_t c = 0;
        while (utf8_next(&rest, &c)) {
            length += sms_text_fold(c, folded + length);
        }
        assert_true(slice_equal(slice_make(folded, length), slice_of(pairs[i].folded)));
    }
}

/* What the size of the folded text rests on: folding never writes more than five bytes for four. */
static void test_folding_is_bounded(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[4];
        char folded[8];
        if (c >= 0xD800 && c <= 0xDFFF) {
            continue;
        }
        size_t size = utf8_encode(c, bytes);
        size_t length = sms_text_fold(c, folded);
        assert_true(4 * length <= 5 * size);
        assert_true(utf8_is_valid(slice_make(folded, length)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phrases_are_folded), cmocka_unit_test(test_phrases_stand_once),
        cmocka_unit_test(test_gazetteer),          cmocka_unit_test(test_folding),
        cmocka_unit_test(test_folding_is_bounded),
    };
    return cmocka_run_group_tests_name("domain/sms_words", tests, NULL, NULL);
}
