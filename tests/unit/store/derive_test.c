/* SPDX-License-Identifier: Apache-2.0
 * Derived values: the same input gives the same, forms that people type are one, and text messages come to UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/case_code.h"
#include "core/json_read.h"
#include "core/utf8.h"
#include "domain/exercise.h"
#include "store/derive.h"

static struct blind_keys keys;

static int set_up(void **state)
{
    struct error error;
    uint8_t index_key[SEAL_KEY_SIZE];
    (void)state;
    memset(index_key, 5, sizeof(index_key));
    if (!seal_start(&error)) {
        return -1;
    }
    blind_keys_derive(index_key, &keys);
    return 0;
}

static void test_numbers_and_secrets(void **state)
{
    char secret[SECRET_TEXT_SIZE + 1];
    char again[SECRET_TEXT_SIZE + 1];
    uint8_t mac[BLIND_SIZE];
    uint8_t typed[BLIND_SIZE];
    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        struct uuid id = uuid_random();
        int64_t number = derive_registration_id(&keys, &id, 0);
        assert_true(number >= 0 && number <= REGISTRATION_ID_MAX);
        assert_int_equal(number, derive_registration_id(&keys, &id, 0));
        assert_int_not_equal(number, derive_registration_id(&keys, &id, 1));
        struct slice text = derive_secret(&keys, &id, secret);
        assert_int_equal(text.length, SECRET_TEXT_SIZE);
        assert_true(slice_equal(text, derive_secret(&keys, &id, again)));
        assert_true(derive_secret_mac(&keys, text, mac));
        for (size_t k = 0; k < text.length; k++) { /* as someone types it from paper */
            again[k] = secret[k] == '0' ? 'o' : secret[k] == '1' ? 'l' : secret[k] == '-' ? ' ' : secret[k];
        }
        assert_true(derive_secret_mac(&keys, slice_make(again, text.length), typed));
        assert_true(derive_equal(mac, typed));
    }
    assert_false(derive_secret_mac(&keys, SLICE("K7M2"), mac));
    assert_false(derive_secret_mac(&keys, SLICE("K7M2-9QXD-0000-000!"), mac));
    assert_false(derive_secret_mac(&keys, SLICE(""), mac));
}

static void test_content_is_the_same_in_any_order(void **state)
{
    uint8_t a[BLIND_SIZE];
    uint8_t b[BLIND_SIZE];
    struct arena arena;
    (void)state;
    arena_init(&arena, 1 << 20);
    const struct tree *x = json_read(&arena, SLICE("{\"a\":1,\"b\":{\"c\":[1,2.5],\"d\":\"e\"}}"));
    const struct tree *y = json_read(&arena, SLICE("{ \"b\": {\"d\":\"\\u0065\",\"c\":[1, 25e-1]}, \"a\": 1 }"));
    assert_true(derive_content_mac(&keys, x, a) && derive_content_mac(&keys, y, b));
    assert_true(derive_equal(a, b));
    static const char *const others[] = {
        "{\"a\":1,\"b\":{\"c\":[2.5,1],\"d\":\"e\"}}",   "{\"a\":1,\"b\":{\"c\":[1,2.5,2.5],\"d\":\"e\"}}",
        "{\"a\":1,\"b\":{\"c\":[[1,2.5]],\"d\":\"e\"}}", "{\"a\":1,\"b\":{\"c\":[1,2.5],\"d\":\"\"}}",
        "{\"a\":1,\"b\":{\"c\":[1,2.5]},\"d\":\"e\"}",   "{\"a\":true,\"b\":{\"c\":[1,2.5],\"d\":\"e\"}}",
        "{\"a\":1.0,\"b\":{\"c\":[1,2.5],\"d\":\"e\"}}", "{\"a\":null,\"b\":{\"c\":[1,2.5],\"d\":\"e\"}}",
        "{\"a\":1,\"b\":{\"c\":[1,2.5],\"e\":\"d\"}}",   "{\"b\":{\"c\":[1,2.5],\"d\":\"e\"}}",
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        const struct tree *other = json_read(&arena, slice_of(others[i]));
        assert_true(derive_content_mac(&keys, other, b));
        assert_false(derive_equal(a, b));
    }
    arena_release(&arena);
}

static void test_documents_as_they_are_typed(void **state)
{
    uint8_t a[BLIND_SIZE];
    uint8_t b[BLIND_SIZE];
    (void)state;
    derive_document_index(&keys, SLICE("US"), SLICE("X 123-45.67"), a);
    derive_document_index(&keys, SLICE("us"), SLICE("x1234567"), b);
    assert_true(derive_equal(a, b));
    derive_document_index(&keys, SLICE("FR"), SLICE("X1234567"), b);
    assert_false(derive_equal(a, b));
}

static void test_one_message_is_one_and_two_are_two(void **state)
{
    struct uuid a;
    struct uuid b;
    (void)state;
    assert_true(derive_message_id(&keys, SLICE("k"), SLICE("1"), SLICE("+227"), SLICE("help"), &a));
    assert_true(derive_message_id(&keys, SLICE("k"), SLICE("1"), SLICE("+227"), SLICE("help"), &b));
    assert_true(uuid_equal(&a, &b));
    assert_true(derive_message_id(&keys, SLICE("k"), SLICE("1"), SLICE("+227"), SLICE("safe"), &b)); /* a shared id */
    assert_false(uuid_equal(&a, &b));
    assert_true(derive_message_id(&keys, SLICE("k"), SLICE("1+"), SLICE("227"), SLICE("help"), &b)); /* run together */
    assert_false(uuid_equal(&a, &b));
}

static void test_a_drills_message_keeps_its_mark(void **state)
{
    struct uuid exercise = exercise_id(0x1234567, 99), a, b;
    char id[UUID_TEXT_SIZE + 1];
    struct slice text = uuid_format(&exercise, id);
    (void)state;
    assert_true(derive_message_id(&keys, SLICE("k"), text, SLICE("+227"), SLICE("help"), &a));
    assert_true(exercise_is(&a));
    assert_int_equal(exercise_drill(&a), 0x1234567);
    assert_true(derive_message_id(&keys, SLICE("k"), text, SLICE("+227"), SLICE("safe"), &b));
    assert_true(exercise_is(&b));
    assert_false(uuid_equal(&a, &b));
    for (unsigned i = 0; i < 2000; i++) { /* nobody else's has it */
        (void)snprintf(id, sizeof(id), "%u", i);
        assert_true(derive_message_id(&keys, SLICE("k"), slice_of(id), SLICE("+227"), SLICE("help"), &a));
        assert_false(exercise_is(&a));
    }
}

static void test_pieces_of_one_text(void **state)
{
    const struct slice names[4] = {SLICE_INIT("k"), SLICE_INIT("+22790123456"), SLICE_INIT("8888"), SLICE_INIT("17")};
    struct uuid plain = exercise_avoid(&(struct uuid){{1}}), drill = exercise_id(7, 1), other_drill = exercise_id(8, 1),
                a, b;
    uint8_t set[BLIND_SIZE], other[BLIND_SIZE];
    (void)state;
    assert_true(derive_piece_set(&keys, names, 3, &plain, set));
    assert_true(derive_piece_set(&keys, names, 3, &(struct uuid){{2}}, other));
    assert_true(derive_equal(set, other)); /* whichever piece it is */
    for (size_t i = 0; i < 4; i++) {
        struct slice changed[4];
        memcpy(changed, names, sizeof(changed));
        changed[i] = SLICE("x");
        assert_true(derive_piece_set(&keys, changed, 3, &plain, other));
        assert_false(derive_equal(set, other));
    }
    assert_true(derive_piece_set(&keys, names, 2, &plain, other));
    assert_false(derive_equal(set, other));
    assert_true(derive_piece_set(&keys, names, 3, &drill, other));
    assert_false(derive_equal(set, other)); /* an exercise's piece completes nobody's message */
    assert_true(derive_piece_set(&keys, names, 3, &other_drill, set));
    assert_false(derive_equal(set, other));

    assert_true(derive_joined_id(&keys, set, 5, SLICE("safe"), &plain, &a));
    assert_true(derive_joined_id(&keys, set, 5, SLICE("safe"), &(struct uuid){{2}}, &b));
    assert_true(uuid_equal(&a, &b) && !exercise_is(&a));
    assert_true(derive_joined_id(&keys, set, 6, SLICE("safe"), &plain, &b));
    assert_false(uuid_equal(&a, &b));
    assert_true(derive_joined_id(&keys, set, 5, SLICE("help"), &plain, &b));
    assert_false(uuid_equal(&a, &b));
    assert_true(derive_joined_id(&keys, set, 5, SLICE("safe"), &drill, &b));
    assert_true(exercise_is(&b));
    assert_int_equal(exercise_drill(&b), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_and_secrets),
        cmocka_unit_test(test_content_is_the_same_in_any_order),
        cmocka_unit_test(test_documents_as_they_are_typed),
        cmocka_unit_test(test_one_message_is_one_and_two_are_two),
        cmocka_unit_test(test_a_drills_message_keeps_its_mark),
        cmocka_unit_test(test_pieces_of_one_text),
    };
    return cmocka_run_group_tests_name("store derive", tests, set_up, NULL);
}
