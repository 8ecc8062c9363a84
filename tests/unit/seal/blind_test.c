/* SPDX-License-Identifier: Apache-2.0
 * Blind values: the same for the same input for ever (they are stored), and each purpose for itself. */
#include "seal/blind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Index key 00 01 .. 1f. Made with another implementation: Python's hashlib.blake2b, with
 * subkey = blake2b(b"", digest_size=32, key=index_key, salt=purpose.to_bytes(16, "little"), person=b"musterBI" + bytes(8))
 * value = blake2b(input, digest_size=32, key=subkey). */
static const struct vector {
    enum blind_purpose purpose;
    const char *input;
    const char *value;
} vectors[] = {
    {BLIND_PHONE, "+15555550100", "a177ff02e20d47afa45a5723cbbcd20f11acd1c7702060d5819a5fbe010f8a54"},
    {BLIND_DOCUMENT, "US X00000000", "0f0cb77348f1ceeaf18260f1f5e375220c0f74e93c8756b3a8569025424a44f4"},
    {BLIND_NAME, "exemple", "0d1dd4078934f9a4a16c11be6c52737329dac8e52afa3f15b7c3074a8ac1e92f"},
    {BLIND_REGISTRATION_ID, "", "e651b9302b421f5ef899b80c9e6e10c8faebf5073bc5f1f1c8377469251c357e"},
    {BLIND_REGISTRATION_SECRET, "k", "951d532b92291c6ec269f719492828873fec6513a24e5a35d8de0bf8a75cf0fd"},
    {BLIND_SECRET_CHECK, "secret", "16816eb8a1cf318eba4d55856b8891449ef0334c50eb0bcff6e759bbe42daa4d"},
    {BLIND_CONTENT, "{}", "2e753344b4c8e9269d97ba7eb7b65d2b3b3b671083bf25974f9322aecc21a5db"},
    {BLIND_GATEWAY_MESSAGE, "gateway 1", "c0bb738543fb1f1396859a85dff3848fb4703ccb075e744784918ea7fc649e56"},
    {BLIND_SESSION, "token", "12e51114e4606bdb164527428cb078bb1ad5a7bbe6871d849421cbff5b912440"},
};

static void derive(struct blind_keys *keys)
{
    uint8_t index_key[SEAL_KEY_SIZE];
    for (size_t i = 0; i < sizeof(index_key); i++) {
        index_key[i] = (uint8_t)i;
    }
    blind_keys_derive(index_key, keys);
}

static void test_known_answers(void **state)
{
    struct blind_keys keys;
    (void)state;
    derive(&keys);
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        uint8_t value[BLIND_SIZE];
        char text[2 * BLIND_SIZE + 1];
        blind(&keys, vectors[i].purpose, slice_of(vectors[i].input), value);
        (void)hex_format(value, sizeof(value), text);
        assert_string_equal(text, vectors[i].value);
    }
}

static void test_purposes_are_independent(void **state)
{
    struct blind_keys keys;
    uint8_t values[BLIND_PURPOSE_COUNT][BLIND_SIZE];
    (void)state;
    derive(&keys);
    for (unsigned purpose = 1; purpose < BLIND_PURPOSE_COUNT; purpose++) {
        blind(&keys, (enum blind_purpose)purpose, SLICE("+15555550100"), values[purpose]);
        for (unsigned other = 1; other < purpose; other++) {
            assert_memory_not_equal(values[purpose], values[other], BLIND_SIZE);
            assert_memory_not_equal(keys.subkey[purpose], keys.subkey[other], SEAL_KEY_SIZE);
        }
    }
}

static void test_keys_and_inputs_matter(void **state)
{
    static const uint8_t zero[SEAL_KEY_SIZE];
    struct blind_keys keys;
    struct blind_keys others;
    uint8_t a[BLIND_SIZE];
    uint8_t b[BLIND_SIZE];
    (void)state;
    derive(&keys);
    blind_keys_derive(zero, &others);
    blind(&keys, BLIND_NAME, SLICE("exemple"), a);
    blind(&others, BLIND_NAME, SLICE("exemple"), b);
    assert_memory_not_equal(a, b, BLIND_SIZE);
    blind(&keys, BLIND_NAME, SLICE("exempla"), b);
    assert_memory_not_equal(a, b, BLIND_SIZE);
    blind(&keys, BLIND_NAME, SLICE("exemple"), b);
    assert_memory_equal(a, b, BLIND_SIZE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_purposes_are_independent),
        cmocka_unit_test(test_keys_and_inputs_matter),
    };
    if (!seal_start(NULL)) {
        return 1;
    }
    return cmocka_run_group_tests_name("blind", tests, NULL, NULL);
}
