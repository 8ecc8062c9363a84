/* SPDX-License-Identifier: Apache-2.0
 * What the check symbol promises, tried in full: every wrong symbol, every swap of neighbours. */
#include "core/case_code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
enum { IDS = 400 };

static int64_t id_at(unsigned n)
{
    static const int64_t edges[] = {0, 1, 31, 32, REGISTRATION_ID_MAX, REGISTRATION_ID_MAX - 1, INT64_C(1) << 44};
    uint64_t z = (n + 1) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z ^= z >> 31;
    return n < sizeof(edges) / sizeof(edges[0]) ? edges[n] : (int64_t)(z & (uint64_t)REGISTRATION_ID_MAX);
}

static enum case_code_reading read_code(const char *text, int64_t *id)
{
    return case_code_parse(slice_of(text), id);
}

static void test_round_trip(void **state)
{
    (void)state;
    for (unsigned n = 0; n < IDS * 10; n++) {
        char text[CASE_CODE_TEXT_SIZE + 1];
        int64_t id = -1;
        struct slice code = case_code_format(id_at(n), text);
        assert_int_equal(code.length, CASE_CODE_TEXT_SIZE);
        assert_int_equal(text[5], '-');
        assert_int_equal(text[CASE_CODE_TEXT_SIZE], '\0');
        assert_int_equal(read_code(text, &id), CASE_CODE_OK);
        assert_int_equal(id, id_at(n));
    }
}

static void test_every_wrong_symbol_is_caught(void **state)
{
    (void)state;
    for (unsigned n = 0; n < IDS; n++) {
        char right[CASE_CODE_TEXT_SIZE + 1];
        (void)case_code_format(id_at(n), right);
        for (size_t i = 0; i < CASE_CODE_TEXT_SIZE; i++) {
            for (size_t j = 0; right[i] != '-' && j < sizeof(alphabet) - 1; j++) {
                char wrong[sizeof(right)];
                int64_t id = 0;
                memcpy(wrong, right, sizeof(wrong));
                wrong[i] = alphabet[j];
                assert_int_equal(read_code(wrong, &id), alphabet[j] == right[i] ? CASE_CODE_OK : CASE_CODE_MISTYPED);
            }
        }
    }
}

static void test_every_swap_of_neighbours_is_caught(void **state)
{
    (void)state;
    for (unsigned n = 0; n < IDS; n++) {
        char right[CASE_CODE_TEXT_SIZE + 1];
        (void)case_code_format(id_at(n), right);
        for (size_t i = 0; i + 1 < CASE_CODE_TEXT_SIZE; i++) {
            char wrong[sizeof(right)];
            int64_t id = 0;
            size_t next = right[i + 1] == '-' ? i + 2 : i + 1;
            memcpy(wrong, right, sizeof(wrong));
            if (right[i] == '-') {
                continue;
            }
            wrong[i] = right[next];
            wrong[next] = right[i];
            assert_int_equal(read_code(wrong, &id), right[i] == right[next] ? CASE_CODE_OK : CASE_CODE_MISTYPED);
        }
    }
}

/* Lower case, the letters that look like digits, hyphens and spaces anywhere. */
static void test_hands_and_ears(void **state)
{
    (void)state;
    for (unsigned n = 0; n < IDS; n++) {
        char text[CASE_CODE_TEXT_SIZE + 1];
        char loose[4 * sizeof(text)];
        size_t length = 0;
        int64_t id = -1;
        (void)case_code_format(id_at(n), text);
        for (size_t i = 0; i < CASE_CODE_TEXT_SIZE; i++) {
            char c = text[i];
            c = c == '0' ? (n % 2 == 0 ? 'o' : 'O') : c;
            c = c == '1' ? "iIlL"[n % 4] : c;
            loose[length++] = (char)(c >= 'A' && c <= 'Z' && i % 2 == 0 ? c - 'A' + 'a' : c);
            if (i % 3 == n % 3) {
                loose[length++] = ' ';
                loose[length++] = '-';
            }
        }
        assert_int_equal(case_code_parse(slice_make(loose, length), &id), CASE_CODE_OK);
        assert_int_equal(id, id_at(n));
    }
}

static void test_shapes(void **state)
{
    static const char *const odd[] = {"",
                                      "-",
                                      "K7M2Q",
                                      "K7M2Q-9QXD",
                                      "K7M2Q-9QXD44",
                                      "K7M2Q-9QXDU",
                                      "K7M2Q_9QXD4",
                                      "K7M2Q\t9QXD4",
                                      "K7M2Q-9QXD\xC3\xA9",
                                      "00000-0000*"};
    int64_t id = 77;
    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        assert_int_equal(read_code(odd[i], &id), CASE_CODE_SHAPE);
    }
    assert_int_equal(case_code_parse((struct slice){NULL, 0}, &id), CASE_CODE_SHAPE);
    assert_int_equal(id, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_every_wrong_symbol_is_caught),
        cmocka_unit_test(test_every_swap_of_neighbours_is_caught),
        cmocka_unit_test(test_hands_and_ears),
        cmocka_unit_test(test_shapes),
    };
    return cmocka_run_group_tests_name("core/case_code", tests, NULL, NULL);
}
