/* SPDX-License-Identifier: Apache-2.0
 * Spellings of one name that must agree, names that must not, and what is cut into words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "domain/name.h"

static struct name_tokens read(const char *text)
{
    struct name_tokens tokens = {.count = 0};
    name_add(&tokens, slice_of(text));
    return tokens;
}

/* The sound of all of it as one word. */
static const char *sound_of(const char *text)
{
    static struct name_token whole[2];
    static unsigned turn;
    struct name_tokens tokens = read(text);
    struct name_token *joined = &whole[turn++ % 2];
    assert_true(tokens.count > 0);
    *joined = tokens.items[0];
    for (size_t i = 1; i < tokens.count; i++) {
        struct name_token before = *joined;
        assert_true(name_join(&before, &tokens.items[i], joined));
    }
    return joined->sound;
}

static void test_one_name(void **state)
{
    static const char *const same[][8] = {
        {"Aïchatou", "Aishatu", "Aisha-tou", "AICHATOU", "Aïssatou"},
        {"Maïga", "Maiga", "MAÏGA", "Mayga"},
        {"Mohammed", "Muhammad", "Mahamadou", "Mohamed", "Mahamat", "Mouhamadou", "محمد"},
        {"Abdoulaye", "Abdullahi", "Abdoulahi", "Abdulaye"},
        {"Oumar", "Umar", "Omar", "عمر"},
        {"Ousmane", "Usman", "Osman", "Ousmân", "Othman", "عثمان"},
        {"Youssouf", "Yusuf", "Youssoufou", "Yusufu", "يوسف"},
        {"Djibo", "Jibo", "Djiba"},
        {"Souleymane", "Suleiman", "Souleimane", "Sulaiman", "Soulaymân"},
        {"Fatouma", "Fatima", "Fatoumata", "Fatimah", "فاطمة"},
        {"Ahmed", "Ahmad", "Amadou", "Ahmadou", "أحمد"},
        {"Ibrahim", "Ibrahima", "Brahim", "Ebrahim", "إبراهيم"},
        {"Boubacar", "Abubakar", "Aboubacar", "Bubakar"},
        {"Moussa", "Musa", "Moussâ"},
        {"Haoua", "Hawa", "Awa", "Aoua"},
        {"Mariama", "Maryam", "Mariam", "Meriem"},
        {"Diallo", "Jallow", "Djallo", "Jalo"},
        {"Ndiaye", "N'Diaye", "Njie", "NDIAYE"},
        {"Khadija", "Hadiza", "Kadidja", "Khadidja"},
        {"Zeinabou", "Zainab", "Seynabou", "Zaynab"},
        {"Abdourahmane", "Abdul Rahman", "Abderrahmane", "Abdoul-Rahmane"},
        {"Wali", "Ouali", "Waly"},
        {"Yacouba", "Yakubu", "Yacoubou", "Iakouba"},
        {"Hassane", "Hassan", "Assane", "حسن"},
        {"Moctar", "Mukhtar", "Mokhtar"},
        {"Aïcha", "Aisha", "Aicha", "عائشة"},
        {"Nguyễn", "Nguyen", "NGUYỄN"},
        {"Kouyaté", "Kuyateh", "Kouyate"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        for (size_t k = 1; k < 8 && same[i][k] != NULL; k++) {
            assert_string_equal(sound_of(same[i][k]), sound_of(same[i][0]));
        }
    }
}

static void test_two_names(void **state)
{
    static const char *const other[][2] = {
        {"Mamadou", "Mahamadou"}, /* he may be called both, but who is called Mamadou mostly is not */
        {"Oumar", "Amar"},        {"Moussa", "Maissa"},        {"Fatouma", "Fati"},     {"Ousmane", "Oumar"},
        {"Kouyaté", "Keita"},     {"Issa", "Aïssatou"},        {"Hassan", "Housseini"}, {"Maïga", "Mogho"},
        {"Abdou", "Abdoulaye"},   {"Souleymane", "Salamatou"}, {"Иван", "Анна"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
        assert_string_not_equal(sound_of(other[i][0]), sound_of(other[i][1]));
    }
}

static void test_words(void **state)
{
    static const struct {
        const char *text;
        const char *words[NAME_TOKENS_MAX + 1];
    } rows[] = {
        {"Aïchatou Maïga", {"aichatou", "maiga"}},
        {"  Jean-Paul,O'Brien ", {"jean", "paul", "obrien"}},
        {"", {NULL}},
        {"12 / -", {NULL}},
        {"Иванова", {"иванова"}},
        {"\xff"
         "Ada\xc3",
         {"ada"}},
        {"e\xCC\x81lise", {"elise"}}, /* a combining accent */
        {"a b c d e f g h i j", {"a", "b", "c", "d", "e", "f", "g", "h"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct name_tokens tokens = read(rows[i].text);
        size_t k = 0;
        for (; rows[i].words[k] != NULL; k++) {
            assert_true(k < tokens.count);
            assert_string_equal(tokens.items[k].spelling, rows[i].words[k]);
        }
        assert_int_equal(tokens.count, k);
    }
}

static void test_long(void **state)
{
    char text[2 * NAME_SPELLING_MAX + 1];
    (void)state;
    memset(text, 'b', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    struct name_tokens tokens = read(text);
    struct name_token joined;
    assert_int_equal(strlen(tokens.items[0].spelling), NAME_SPELLING_MAX);
    assert_false(name_join(&tokens.items[0], &tokens.items[0], &joined));
}

static void test_prefix(void **state)
{
    struct slice prefix;
    struct name_tokens tokens = read("Aïchatou Éloi Иван");
    (void)state;
    assert_true(name_prefix(&tokens.items[0], NAME_PREFIX_SHORT, &prefix));
    assert_true(slice_equal(prefix, SLICE("aic")));
    assert_false(name_prefix(&tokens.items[1], NAME_PREFIX_LONG, &prefix));
    assert_true(name_prefix(&tokens.items[2], NAME_PREFIX_SHORT, &prefix));
    assert_true(slice_equal(prefix, SLICE("ива")));
}

static void test_likeness(void **state)
{
    struct name_tokens tokens = read("Maiga Mayga Traore");
    (void)state;
    assert_int_equal(name_likeness(&tokens.items[0], &tokens.items[0]), 100);
    assert_int_equal(name_likeness(&tokens.items[0], &tokens.items[1]), 80);
    assert_true(name_likeness(&tokens.items[0], &tokens.items[2]) < 50);
}

static void test_tells(void **state)
{
    struct name_tokens tokens = read("El Hadj M. bin Moussa 王芳 Ba");
    static const bool tells[] = {false, false, false, false, true, true, false};
    (void)state;
    for (size_t i = 0; i < tokens.count; i++) {
        assert_int_equal(name_tells(&tokens.items[i]), tells[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_name), cmocka_unit_test(test_two_names), cmocka_unit_test(test_words),
        cmocka_unit_test(test_long),     cmocka_unit_test(test_prefix),    cmocka_unit_test(test_likeness),
        cmocka_unit_test(test_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
