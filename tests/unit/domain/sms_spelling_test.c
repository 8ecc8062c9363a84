/* SPDX-License-Identifier: Apache-2.0
 * Words typed badly: how far apart two words are, which is taken for which, and that no guess makes anybody safe. */
#include "domain/sms_spelling.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "domain/sms.h"

static void test_distance(void **state)
{
    static const struct {
        const char *a;
        const char *b;
        unsigned edits;
    } pairs[] = {
        {"", "", 0},
        {"a", "", 1},
        {"help", "help", 0},
        {"help", "hlp", 1},
        {"help", "helpp", 1},
        {"help", "halp", 1},
        {"help", "hepl", 1}, /* neighbours swapped are one slip of the fingers */
        {"help", "ehpl", 2},
        {"ca", "abc", 3}, /* no letter is edited twice: the unrestricted distance is 2 */
        {"trapped", "traped", 1},
        {"securite", "securtie", 1},
        {"kitten", "sitting", 3},
        {"ab", "ba", 1},
        {"abcd", "badc", 2},
        {"نحتاج", "نحتج", 1}, /* letters, not bytes */
        {"نحتاج", "نتحاج", 1},
        {"مصاب", "مصابه", 1},
        {"\xF0\x9F\x86\x98", "\xF1\x9F\x86\x98", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct slice a = slice_of(pairs[i].a);
        struct slice b = slice_of(pairs[i].b);
        for (unsigned max = 0; max < 4; max++) {
            unsigned wanted = pairs[i].edits <= max ? pairs[i].edits : max + 1;
            if (sms_spelling_distance(a, b, max) != wanted || sms_spelling_distance(b, a, max) != wanted) {
                fail_msg("\"%s\" and \"%s\" within %u: %u", pairs[i].a, pairs[i].b, max,
                         sms_spelling_distance(a, b, max));
            }
        }
    }
    struct slice long_word = SLICE("abcdefghijklmnopqrstuvwxyz");
    assert_int_equal(sms_spelling_distance(long_word, long_word, 2), 0);
    assert_int_equal(sms_spelling_distance(long_word, slice_sub(long_word, 0, 25), 2), 3);
}

/* Over the words of the tables, each with its next ones: symmetric, 0 only for itself, at least what the lengths differ. */
static void test_distance_properties(void **state)
{
    enum { NEIGHBOURS = 40, MAX = 3 };
    (void)state;
    for (unsigned i = 1; i <= sms_spelling_count(); i++) {
        for (unsigned j = i; j <= sms_spelling_count() && j < i + NEIGHBOURS; j++) {
            unsigned there = sms_spelling_distance(sms_spelling_word(i), sms_spelling_word(j), MAX);
            assert_int_equal(there, sms_spelling_distance(sms_spelling_word(j), sms_spelling_word(i), MAX));
            assert_true(there <= MAX + 1);
            assert_int_equal(there == 0, i == j);
        }
    }
    assert_true(sms_spelling_count() > 1000 && sms_spelling_count() < SMS_SPELLING_WORDS_MAX);
}

static struct sms_reading read_text(const char *text)
{
    struct sms_reading reading;
    struct sms_danger danger = sms_read_danger(slice_of(text));
    sms_read(slice_of(text), &reading);
    assert_true(danger.trapped == reading.trapped && danger.under_fire == reading.under_fire);
    return reading;
}

enum { NONE = -1 };

static void test_guesses(void **state)
{
    static const struct {
        const char *text;
        int status;
        uint32_t needs;
    } guesses[] = {
        {"we are traped", STATUS_IN_DANGER, 0},
        {"trpaped", STATUS_IN_DANGER, 0},
        {"rtapped", STATUS_IN_DANGER, 0},
        {"my brother is injurred", STATUS_INJURED, 0},
        {"shootting near us", STATUS_IN_DANGER, 0},
        {"insuline fnished", STATUS_NEED_HELP, NEED_BIT(NEED_MEDICATION)},
        {"we need medecines", STATUS_NEED_HELP, NEED_BIT(NEED_MEDICATION)},
        {"je suis blesssee", STATUS_INJURED, 0},
        {"je suis belssee", STATUS_INJURED, 0},
        {"au secuors", STATUS_NEED_HELP, 0},
        {"nous ne sommes pas en securtie", STATUS_IN_DANGER, 0},
        {"hardli safe", STATUS_IN_DANGER, 0},
        {"taimkao", STATUS_NEED_HELP, 0},
        {"gaakasinai", STATUS_NEED_HELP, 0},
        {"محاصورون", STATUS_IN_DANGER, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++) {
        struct sms_reading r = read_text(guesses[i].text);
        if ((r.has_status ? (int)r.status : NONE) != guesses[i].status || r.needs != guesses[i].needs ||
            r.certainty != SMS_GUESSED) {
            fail_msg("\"%s\": status %d needs %#x certainty %d", guesses[i].text, r.has_status ? (int)r.status : NONE,
                     (unsigned)r.needs, (int)r.certainty);
        }
    }
}

/* A guess never says that all is well when a cry is as near, and when it does say so a person reads it. */
static void test_no_guess_makes_safe(void **state)
{
    static const char *const torn[] = {"unsfe", "usafe", "insafe", "nsafe", "securisie"};
    (void)state;
    for (size_t i = 0; i < sizeof(torn) / sizeof(torn[0]); i++) {
        struct sms_reading r = read_text(torn[i]);
        if (r.has_status && r.status == STATUS_SAFE) {
            fail_msg("\"%s\" is read as safe", torn[i]);
        }
    }
    struct sms_reading r = read_text("nous sommes en securtie");
    assert_true(r.has_status && r.status == STATUS_SAFE);
    assert_true(r.left_over);
    assert_int_equal(r.certainty, SMS_GUESSED);
    r = read_text("neevr injured"); /* a denial that is only guessed takes no cry back */
    assert_true(r.has_status && r.status == STATUS_INJURED);
}

/* Every word of a table that asks for help, with each letter left out, doubled or swapped: never safe, unless that happens
 * to be another word of the tables. */
static void test_slips_in_cries(void **state)
{
    static const char *const cries[] = {"injured",    "trapped", "emergency", "shooting",   "bleeding", "unsafe",
                                        "insecure",   "unwell",  "blessee",   "insecurite", "secours",  "attaque",
                                        "gaakasinay", "taimako", "hostage",   "kidnapped",  "rescue",   "evacuate"};
    char text[64];
    (void)state;
    for (size_t i = 0; i < sizeof(cries) / sizeof(cries[0]); i++) {
        size_t length = strlen(cries[i]);
        for (size_t at = 0; at < length; at++) {
            memcpy(text, cries[i], length + 1); /* left out */
            memmove(text + at, text + at + 1, length - at);
            struct sms_reading r = read_text(text);
            bool safe = r.has_status && r.status == STATUS_SAFE;
            memcpy(text, cries[i], length + 1); /* swapped */
            if (at + 1 < length) {
                text[at] = cries[i][at + 1];
                text[at + 1] = cries[i][at];
            }
            r = read_text(text);
            safe = safe || (r.has_status && r.status == STATUS_SAFE);
            if (safe) {
                fail_msg("a slip in \"%s\" at %zu reads as safe", cries[i], at);
            }
        }
    }
}

static void test_certainty(void **state)
{
    static const struct {
        const char *text;
        enum sms_certainty certainty;
    } readings[] = {
        {"safe", SMS_SURE},
        {"HELP", SMS_SURE},
        {"help, zubko", SMS_LIKELY},
        {"Safe in Niamey with my cousin Zubko", SMS_LIKELY},
        {"safe but my son is injured", SMS_GUESSED}, /* both were said */
        {"is it safe to travel", SMS_GUESSED},
        {"injurred", SMS_GUESSED},
        {"safe, moving to Gaya", SMS_SURE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
        struct sms_reading r = read_text(readings[i].text);
        if (r.certainty != readings[i].certainty) {
            fail_msg("\"%s\": certainty %d", readings[i].text, (int)r.certainty);
        }
    }
}

/* Words that are what they are, however near they stand to a cry. */
static void test_what_is_known_is_kept(void **state)
{
    static const char *const texts[] = {"the shops are closed",
                                        "we found a room",
                                        "tasty dinner",
                                        "starting tomorrow",
                                        "Zinder",
                                        "Dogondoutchi",
                                        "K7M2Q-9QXD4",
                                        "tomorrow morning",
                                        "Konni",
                                        "Magaria",
                                        "the sound of the sea",
                                        "12345 67890",
                                        "le cours de paris"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct sms_reading r = read_text(texts[i]);
        if (r.has_status || r.needs != 0) {
            fail_msg("\"%s\": status %d", texts[i], (int)r.status);
        }
        assert_int_not_equal(r.certainty, SMS_GUESSED);
    }
    assert_true(read_text("shops").left_over); /* known is not understood: a person reads it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_distance_properties),
        cmocka_unit_test(test_guesses),
        cmocka_unit_test(test_no_guess_makes_safe),
        cmocka_unit_test(test_slips_in_cries),
        cmocka_unit_test(test_certainty),
        cmocka_unit_test(test_what_is_known_is_kept),
    };
    return cmocka_run_group_tests_name("domain/sms_spelling", tests, NULL, NULL);
}
