/* SPDX-License-Identifier: Apache-2.0
 * Fields sealed under an epoch: who can open them, where, and what their length tells. */
#include "seal/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <sodium.h>

enum { ARENA_MAX = 16 << 20, RECIPIENTS = 3 };

struct fixture {
    struct arena arena;
    uint8_t secret_keys[RECIPIENTS][SEAL_KEY_SIZE];
    struct seal_recipient recipients[RECIPIENTS];
    struct seal_opener *openers[RECIPIENTS];
    struct seal_epoch *epoch; /* for the first two recipients only */
    struct seal_place place;
};

static int set_up(void **state)
{
    static struct fixture f;
    arena_init(&f.arena, ARENA_MAX);
    for (size_t i = 0; i < RECIPIENTS; i++) {
        assert_int_equal(crypto_box_keypair(f.recipients[i].public_key, f.secret_keys[i]), 0);
        seal_recipient_identify(&f.recipients[i]);
        f.openers[i] = seal_opener_new(f.secret_keys[i], 16);
        assert_non_null(f.openers[i]);
        assert_string_equal(seal_opener_recipient_id(f.openers[i]), f.recipients[i].id);
    }
    f.epoch = seal_epoch_new(f.recipients, 2);
    assert_non_null(f.epoch);
    f.place = (struct seal_place){"check_in", "message", SLICE("0123456789abcdef")};
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    seal_epoch_free(f->epoch);
    for (size_t i = 0; i < RECIPIENTS; i++) {
        seal_opener_free(f->openers[i]);
    }
    arena_release(&f->arena);
    return 0;
}

static bool give(struct fixture *f, size_t opener, unsigned wrap)
{
    const char *recipient = NULL;
    struct slice bytes = seal_epoch_wrap(f->epoch, wrap, &recipient);
    assert_int_equal(bytes.length, SEAL_WRAP_SIZE);
    assert_string_equal(recipient, f->recipients[wrap].id);
    return seal_opener_add(f->openers[opener], seal_epoch_id(f->epoch), bytes, NULL);
}

static struct slice seal(struct fixture *f, struct slice plain)
{
    struct slice sealed = seal_field(f->epoch, &f->arena, &f->place, plain);
    assert_non_null(sealed.data);
    return sealed;
}

static enum error_code try_open(struct fixture *f, const struct uuid *id, const struct seal_place *place,
                                struct slice sealed)
{
    struct error error = {.code = ERROR_NONE};
    struct slice plain = {NULL, 0};
    bool opened = seal_open(f->openers[0], &f->arena, id, place, sealed, &plain, &error);
    assert_int_equal(opened, error.code == ERROR_NONE);
    return error.code;
}

static void assert_opens(struct fixture *f, size_t opener, struct slice sealed, struct slice plain)
{
    struct slice opened = {NULL, 0};
    assert_true(seal_open(f->openers[opener], &f->arena, seal_epoch_id(f->epoch), &f->place, sealed, &opened, NULL));
    assert_true(slice_equal(opened, plain));
}

static void fill(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        text[i] = (char)(i * 31 % 256); /* zeroes and 0x80, the padding's own bytes, among them */
    }
}

static void test_every_length_comes_back(void **state)
{
    struct fixture *f = *state;
    static const size_t large[] = {1000, 4095, 4096, SEAL_PLAIN_MAX - 1, SEAL_PLAIN_MAX};
    static char text[SEAL_PLAIN_MAX];
    fill(text, sizeof(text));
    assert_true(give(f, 0, 0));
    for (size_t length = 0; length <= 300; length++) {
        assert_opens(f, 0, seal(f, slice_make(text, length)), slice_make(text, length));
    }
    for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
        assert_opens(f, 0, seal(f, slice_make(text, large[i])), slice_make(text, large[i]));
    }
}

/* Padding's end must be found even when the text itself ends as padding does. */
static void test_text_that_looks_like_padding(void **state)
{
    struct fixture *f = *state;
    assert_true(give(f, 0, 0));
    static const struct slice texts[] = {SLICE_INIT("\x80"), SLICE_INIT("\x80\0\0"), SLICE_INIT("a\0\0\0"),
                                         SLICE_INIT("\0")};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_opens(f, 0, seal(f, texts[i]), texts[i]);
    }
}

static void test_length_is_hidden(void **state)
{
    struct fixture *f = *state;
    static char text[256];
    const size_t empty = seal(f, slice_make(text, 0)).length;
    assert_int_equal(empty, 1 + 24 + 64 + 16);
    for (size_t length = 0; length < sizeof(text); length++) {
        assert_int_equal(seal(f, slice_make(text, length)).length, empty + length / SEAL_PAD * SEAL_PAD);
    }
}

static void test_limits(void **state)
{
    struct fixture *f = *state;
    static char text[SEAL_PLAIN_MAX + 1];
    char name[65];
    memset(name, 'n', sizeof(name));
    name[64] = '\0';
    assert_null(seal_field(f->epoch, &f->arena, &f->place, slice_make(text, sizeof(text))).data);
    f->place.table = name; /* 64 bytes */
    assert_null(seal_field(f->epoch, &f->arena, &f->place, SLICE("a")).data);
    f->place.table = name + 1;
    assert_non_null(seal_field(f->epoch, &f->arena, &f->place, SLICE("a")).data);
    f->place.row_id = slice_make(text, 65);
    assert_null(seal_field(f->epoch, &f->arena, &f->place, SLICE("a")).data);
    struct arena small;
    arena_init(&small, 100);
    f->place.row_id = slice_make(text, 64);
    assert_null(seal_field(f->epoch, &small, &f->place, SLICE("a")).data);
    arena_release(&small);
    assert_null(seal_epoch_new(f->recipients, 0));
    assert_null(seal_epoch_new(f->recipients, SEAL_RECIPIENTS_MAX + 1));
    assert_null(seal_opener_new(f->secret_keys[0], 0));
    assert_null(seal_opener_new(f->secret_keys[0], SEAL_OPENER_EPOCHS_MAX + 1));
    static const struct seal_recipient small_order = {"0", {0}};
    assert_null(seal_epoch_new(&small_order, 1));
}

static void test_any_flipped_bit_is_refused(void **state)
{
    struct fixture *f = *state;
    assert_true(give(f, 0, 0));
    struct slice sealed = seal(f, SLICE("Exemple: trois personnes, hotel, deuxieme etage"));
    char bytes[256];
    memcpy(bytes, sealed.data, sealed.length);
    for (size_t bit = 0; bit < 8 * sealed.length; bit++) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        assert_int_equal(try_open(f, seal_epoch_id(f->epoch), &f->place, slice_make(bytes, sealed.length)),
                         ERROR_CRYPTO);
        bytes[bit / 8] = sealed.data[bit / 8];
    }
    assert_int_equal(try_open(f, seal_epoch_id(f->epoch), &f->place, slice_make(bytes, sealed.length)), ERROR_NONE);
    for (size_t length = 0; length < sealed.length; length++) {
        assert_int_equal(try_open(f, seal_epoch_id(f->epoch), &f->place, slice_make(bytes, length)), ERROR_CRYPTO);
    }
}

static void test_any_other_row_is_refused(void **state)
{
    struct fixture *f = *state;
    assert_true(give(f, 0, 0));
    struct slice sealed = seal(f, SLICE("text"));
    struct seal_place other = f->place;
    char row[16];
    memcpy(row, f->place.row_id.data, sizeof(row));
    other.row_id = slice_make(row, sizeof(row));
    for (size_t bit = 0; bit < 8 * sizeof(row); bit++) {
        row[bit / 8] = (char)(row[bit / 8] ^ (1 << bit % 8));
        assert_int_equal(try_open(f, seal_epoch_id(f->epoch), &other, sealed), ERROR_CRYPTO);
        row[bit / 8] = f->place.row_id.data[bit / 8];
    }
    other.row_id.length--;
    assert_int_equal(try_open(f, seal_epoch_id(f->epoch), &other, sealed), ERROR_CRYPTO);
}

static void test_any_other_name_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const names[][2] = {
        {"check_in", "sender"}, {"contact", "message"}, {"message", "check_in"}, {"check_inm", "essage"},
        {"", "check_in"},       {"check_in", ""},       {"Check_in", "message"}, {"check_in", "message0"},
    };
    assert_true(give(f, 0, 0));
    struct slice sealed = seal(f, SLICE("text"));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct seal_place other = {names[i][0], names[i][1], f->place.row_id};
        assert_int_equal(try_open(f, seal_epoch_id(f->epoch), &other, sealed), ERROR_CRYPTO);
    }
}

/* The same data key under another epoch's id: only the associated data can tell. */
static void test_any_other_epoch_is_refused(void **state)
{
    struct fixture *f = *state;
    uint8_t secret[UUID_SIZE + SEAL_KEY_SIZE];
    uint8_t wrap[SEAL_WRAP_SIZE];
    const char *recipient = NULL;
    struct slice given = seal_epoch_wrap(f->epoch, 0, &recipient);
    assert_int_equal(crypto_box_seal_open(secret, (const uint8_t *)given.data, given.length,
                                          f->recipients[0].public_key, f->secret_keys[0]),
                     0);
    struct slice sealed = seal(f, SLICE("text"));
    for (size_t bit = 0; bit < 8 * UUID_SIZE; bit++) {
        struct uuid other = *seal_epoch_id(f->epoch);
        other.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        memcpy(secret, other.bytes, UUID_SIZE);
        assert_int_equal(crypto_box_seal(wrap, secret, sizeof(secret), f->recipients[0].public_key), 0);
        assert_true(seal_opener_add(f->openers[0], &other, slice_make(wrap, sizeof(wrap)), NULL));
        assert_int_equal(try_open(f, &other, &f->place, sealed), ERROR_CRYPTO);
    }
}

static void test_recipients(void **state)
{
    struct fixture *f = *state;
    struct slice sealed = seal(f, SLICE("for two"));
    assert_int_equal(seal_epoch_wrap_count(f->epoch), 2);
    assert_int_equal(try_open(f, seal_epoch_id(f->epoch), &f->place, sealed), ERROR_UNAVAILABLE);
    for (size_t opener = 0; opener < RECIPIENTS; opener++) {
        for (unsigned wrap = 0; wrap < 2; wrap++) {
            assert_int_equal(give(f, opener, wrap), opener == wrap);
        }
        assert_int_equal(seal_opener_knows(f->openers[opener], seal_epoch_id(f->epoch)), opener < 2);
    }
    assert_opens(f, 0, sealed, SLICE("for two"));
    assert_opens(f, 1, sealed, SLICE("for two"));
}

static void test_wraps_are_refused(void **state)
{
    struct fixture *f = *state;
    const char *recipient = NULL;
    struct slice wrap = seal_epoch_wrap(f->epoch, 0, &recipient);
    struct uuid other = uuid_random();
    struct error error = {.code = ERROR_NONE};
    assert_false(seal_opener_add(f->openers[0], &other, wrap, &error));
    assert_int_equal(error.code, ERROR_CRYPTO);
    assert_false(seal_opener_knows(f->openers[0], &other));
    assert_false(seal_opener_knows(f->openers[0], seal_epoch_id(f->epoch)));
    char bytes[SEAL_WRAP_SIZE];
    memcpy(bytes, wrap.data, sizeof(bytes));
    for (size_t bit = 0; bit < 8 * sizeof(bytes); bit += 3) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        assert_false(seal_opener_add(f->openers[0], seal_epoch_id(f->epoch), slice_make(bytes, sizeof(bytes)), NULL));
        bytes[bit / 8] = wrap.data[bit / 8];
    }
    assert_false(seal_opener_add(f->openers[0], seal_epoch_id(f->epoch), slice_sub(wrap, 0, wrap.length - 1), NULL));
    assert_false(seal_opener_add(f->openers[0], seal_epoch_id(f->epoch), slice_make(NULL, 0), NULL));
}

static void test_a_known_epoch_keeps_its_key(void **state)
{
    struct fixture *f = *state;
    uint8_t secret[UUID_SIZE + SEAL_KEY_SIZE] = {0};
    uint8_t forged[SEAL_WRAP_SIZE];
    memcpy(secret, seal_epoch_id(f->epoch)->bytes, UUID_SIZE);
    assert_int_equal(crypto_box_seal(forged, secret, sizeof(secret), f->recipients[0].public_key), 0);
    assert_true(give(f, 0, 0));
    assert_true(give(f, 0, 0));
    assert_false(seal_opener_add(f->openers[0], seal_epoch_id(f->epoch), slice_make(forged, sizeof(forged)), NULL));
    assert_opens(f, 0, seal(f, SLICE("text")), SLICE("text"));
}

static void test_nonces_never_repeat(void **state)
{
    struct fixture *f = *state;
    enum { FIELDS = 1000, NONCE = 24 };
    static char seen[FIELDS][NONCE];
    for (size_t i = 0; i < FIELDS; i++) {
        memcpy(seen[i], seal(f, SLICE("same")).data + 1, NONCE);
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(seen[i], seen[j], NONCE);
        }
    }
    struct seal_epoch *other = seal_epoch_new(f->recipients, 1);
    assert_memory_not_equal(seal_field(other, &f->arena, &f->place, SLICE("same")).data + 1, seen[0], 16);
    seal_epoch_free(other);
}

/* What docs/sealing.md says, done with libsodium alone. */
static void test_the_documented_format(void **state)
{
    struct fixture *f = *state;
    static const char row[] = "0123456789abcdef";
    uint8_t secret[UUID_SIZE + SEAL_KEY_SIZE];
    uint8_t associated[16 + 9 + 8 + 16];
    uint8_t padded[64];
    unsigned long long length = 0;
    const char *recipient = NULL;
    struct slice wrap = seal_epoch_wrap(f->epoch, 1, &recipient);
    struct slice sealed = seal(f, SLICE("abc"));
    const uint8_t *bytes = (const uint8_t *)sealed.data;
    assert_int_equal(crypto_box_seal_open(secret, (const uint8_t *)wrap.data, wrap.length, f->recipients[1].public_key,
                                          f->secret_keys[1]),
                     0);
    memcpy(associated, secret, 16);
    memcpy(associated + 16, "check_in", 9);
    memcpy(associated + 25, "message", 8);
    memcpy(associated + 33, row, 16);
    assert_int_equal(bytes[0], 1);
    assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(padded, &length, NULL, bytes + 25, sealed.length - 25,
                                                                associated, sizeof(associated), bytes + 1, secret + 16),
                     0);
    assert_int_equal(length, 64);
    assert_memory_equal(padded, "abc\x80\0\0\0", 7);
}

/* From BLAKE2b-256 of 32 zero bytes, by another implementation (Python's hashlib). */
static void test_recipient_id(void **state)
{
    struct seal_recipient recipient = {.id = ""};
    (void)state;
    seal_recipient_identify(&recipient);
    assert_string_equal(recipient.id, "89eb0d6a8a691dae");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_length_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_text_that_looks_like_padding, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_length_is_hidden, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_any_flipped_bit_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_any_other_row_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_any_other_name_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_any_other_epoch_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_recipients, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wraps_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_known_epoch_keeps_its_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nonces_never_repeat, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_documented_format, set_up, tear_down),
        cmocka_unit_test(test_recipient_id),
    };
    if (!seal_start(NULL)) {
        return 1;
    }
    return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
