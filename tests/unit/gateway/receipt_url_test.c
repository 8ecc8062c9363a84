/* SPDX-License-Identifier: Apache-2.0
 * An address proves itself for the gateway and the text that it was made for, and for nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/receipt_url.h"

static void test_only_what_it_was_made_for(void **state)
{
    static const uint8_t key[SEAL_KEY_SIZE] = "an index key of thirty two bytes";
    static const uint8_t other_key[SEAL_KEY_SIZE] = "another key that has those bytes";
    struct blind_keys keys;
    struct blind_keys other_keys;
    struct arena arena;
    struct uuid id = uuid_random();
    struct uuid other = uuid_random();
    (void)state;
    arena_init(&arena, 1 << 16);
    blind_keys_derive(key, &keys);
    blind_keys_derive(other_key, &other_keys);
    struct slice url = receipt_url_make(&keys, SLICE("https://muster.example"), SLICE("orange"), &id, &arena);
    assert_true(slice_starts_with(url, SLICE("https://muster.example/gateway/orange/receipts?ref=")));
    struct slice sign = slice_sub(url, url.length - 32, url.length);
    assert_memory_equal(sign.data - 6, "&sign=", 6);
    assert_true(receipt_url_proves(&keys, SLICE("orange"), &id, sign, &arena));
    assert_false(receipt_url_proves(&keys, SLICE("airtel"), &id, sign, &arena));
    assert_false(receipt_url_proves(&keys, SLICE("orange"), &other, sign, &arena));
    assert_false(receipt_url_proves(&other_keys, SLICE("orange"), &id, sign, &arena));
    assert_false(receipt_url_proves(&keys, SLICE("orange"), &id, slice_sub(sign, 0, 31), &arena));
    assert_false(receipt_url_proves(&keys, SLICE("orange"), &id, SLICE(""), &arena));
    for (size_t i = 0; i < sign.length; i++) {
        char changed[32];
        memcpy(changed, sign.data, sizeof(changed));
        changed[i] = changed[i] == '0' ? '1' : '0';
        assert_false(receipt_url_proves(&keys, SLICE("orange"), &id, slice_make(changed, sizeof(changed)), &arena));
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_only_what_it_was_made_for)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
