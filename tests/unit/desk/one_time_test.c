/* SPDX-License-Identifier: Apache-2.0
 * Codes of the second factor: the vectors of RFC 6238 appendix B, the window, once each; recovery codes however they are typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/clock.h"
#include "desk/one_time.h"

/* "12345678901234567890" of the RFC, in base 32 */
static const struct slice secret = SLICE_INIT("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");

static int64_t step_at(const char *code, int64_t seconds, int64_t last_step)
{
    return one_time_step(secret, slice_of(code), seconds * MICROSECONDS_A_SECOND, last_step);
}

static void the_vectors(void **state)
{
    /* the RFC writes eight digits; an app shows the last six */
    static const struct {
        int64_t at;
        const char *code;
    } vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                   {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        assert_int_equal(step_at(vectors[i].code, vectors[i].at, 0), vectors[i].at / 30);
    }
}

static void one_step_around(void **state)
{
    (void)state;
    assert_int_equal(step_at("050471", 1111111111 + 30, 0), 1111111111 / 30); /* slow fingers */
    assert_int_equal(step_at("050471", 1111111111 - 30, 0), 1111111111 / 30); /* a fast clock */
    assert_int_equal(step_at("050471", 1111111111 + 90, 0), 0);
    assert_int_equal(step_at("050471", 1111111111 - 90, 0), 0);
}

static void once(void **state)
{
    (void)state;
    assert_int_equal(step_at("050471", 1111111111, 1111111111 / 30), 0);
    assert_int_equal(step_at("050471", 1111111111, 1111111111 / 30 + 1), 0);
    assert_int_not_equal(step_at("050471", 1111111111, 1111111111 / 30 - 1), 0);
}

static void what_is_no_code(void **state)
{
    static const char *const odd[] = {"", "05047", "0504711", "14050471", "05047a", "-50471", "+50471"};
    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        assert_int_equal(step_at(odd[i], 1111111111, 0), 0);
    }
    assert_int_equal(one_time_step(SLICE(""), SLICE("050471"), 0, 0), 0);
    assert_int_equal(one_time_step(SLICE("not base 32!"), SLICE("050471"), 0, 0), 0);
}

static void recovery(void **state)
{
    static const uint8_t index_key[SEAL_KEY_SIZE] = {7};
    struct blind_keys keys;
    char text[ONE_TIME_RECOVERY_WRITTEN_SIZE + 1];
    uint8_t mac[BLIND_SIZE];
    uint8_t other[BLIND_SIZE];
    (void)state;
    blind_keys_derive(index_key, &keys);
    assert_int_equal(one_time_recovery_make(text).length, ONE_TIME_RECOVERY_WRITTEN_SIZE);
    assert_int_equal(text[5], '-');
    assert_true(one_time_recovery_mac(&keys, 7, SLICE("abcde-12345"), mac));
    assert_true(one_time_recovery_mac(&keys, 7, SLICE("ABCDE 12345"), other));
    assert_memory_equal(mac, other, BLIND_SIZE);
    assert_true(one_time_recovery_mac(&keys, 8, SLICE("abcde12345"), other));
    assert_memory_not_equal(mac, other, BLIND_SIZE);
    assert_false(one_time_recovery_mac(&keys, 7, SLICE("abcde-1234"), mac));
    assert_false(one_time_recovery_mac(&keys, 7, SLICE("abcde-123456"), mac));
    assert_false(one_time_recovery_mac(&keys, 7, SLICE(""), mac));
}

static void what_is_made(void **state)
{
    struct arena arena;
    char text[ONE_TIME_SECRET_SIZE + 1];
    (void)state;
    arena_init(&arena, 4096);
    struct slice made = one_time_secret_make(text);
    assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), ONE_TIME_SECRET_SIZE);
    struct slice uri = one_time_uri(&arena, SLICE("ada"), made);
    assert_true(slice_starts_with(uri, SLICE("otpauth://totp/Muster:ada?secret=")));
    assert_true(slice_equal(one_time_trim(&arena, SLICE(" 050 471 ")), SLICE("050471")));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_vectors), cmocka_unit_test(one_step_around),
                                       cmocka_unit_test(once),        cmocka_unit_test(what_is_no_code),
                                       cmocka_unit_test(recovery),    cmocka_unit_test(what_is_made)};
    return cmocka_run_group_tests_name("desk/one_time", tests, NULL, NULL);
}
