/* SPDX-License-Identifier: Apache-2.0
 * Key files: made once, kept private, and refused by name when they are not what is asked for. */
#include "seal/keys.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <sodium.h>

#define HEX "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

struct fixture {
    char directory[64];
    char path[128];
};

static int set_up(void **state)
{
    static struct fixture f;
    (void)snprintf(f.directory, sizeof(f.directory), "/tmp/muster-keys-test.XXXXXX");
    assert_non_null(mkdtemp(f.directory));
    *state = &f;
    return 0;
}

static const char *path(struct fixture *f, const char *name)
{
    (void)snprintf(f->path, sizeof(f->path), "%s/%s", f->directory, name);
    return f->path;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"desk.public", "desk.secret", "desk", "index", "file", "link"};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)unlink(path(f, names[i]));
    }
    return rmdir(f->directory);
}

static void put(const char *file, const char *text, size_t length, mode_t mode)
{
    (void)unlink(file);
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, length), (ssize_t)length);
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(close(fd), 0);
}

static unsigned mode_of(const char *file)
{
    struct stat facts;
    assert_int_equal(stat(file, &facts), 0);
    return facts.st_mode & 07777U;
}

static void test_a_pair(void **state)
{
    struct fixture *f = *state;
    struct seal_recipient made;
    struct seal_recipient loaded;
    uint8_t secret[SEAL_KEY_SIZE];
    uint8_t derived[SEAL_KEY_SIZE];
    mode_t before = umask(0077);
    assert_true(seal_key_pair_create(path(f, "desk"), &made, NULL));
    (void)umask(before);
    assert_int_equal(mode_of(path(f, "desk.public")), 0644);
    assert_int_equal(mode_of(path(f, "desk.secret")), 0600);
    assert_true(seal_public_key_load(path(f, "desk.public"), &loaded, NULL));
    assert_true(seal_secret_key_load(path(f, "desk.secret"), secret, NULL));
    assert_int_equal(crypto_scalarmult_base(derived, secret), 0);
    assert_memory_equal(derived, made.public_key, SEAL_KEY_SIZE);
    assert_memory_equal(loaded.public_key, made.public_key, SEAL_KEY_SIZE);
    assert_string_equal(loaded.id, made.id);
    assert_int_equal(strlen(loaded.id), SEAL_RECIPIENT_ID_SIZE);
}

static void assert_refuses_pair(struct fixture *f)
{
    struct seal_recipient recipient;
    struct error error = {.code = ERROR_NONE};
    assert_false(seal_key_pair_create(path(f, "desk"), &recipient, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_non_null(strstr(error.detail, f->directory));
}

static void test_nothing_is_overwritten(void **state)
{
    struct fixture *f = *state;
    put(path(f, "desk.secret"), "precious", 8, 0600);
    assert_refuses_pair(f);
    assert_int_not_equal(access(path(f, "desk.public"), F_OK), 0);
    assert_int_equal(unlink(path(f, "desk.secret")), 0);

    put(path(f, "desk.public"), "precious", 8, 0644);
    assert_refuses_pair(f);
    assert_int_not_equal(access(path(f, "desk.secret"), F_OK), 0); /* a half pair is not left behind */

    put(path(f, "index"), "precious", 8, 0600);
    assert_false(seal_index_key_create(path(f, "index"), NULL));
    assert_int_equal(symlink("nowhere", path(f, "link")), 0);
    assert_false(seal_index_key_create(path(f, "link"), NULL));
}

static void test_an_index_key(void **state)
{
    struct fixture *f = *state;
    uint8_t key[SEAL_KEY_SIZE] = {0};
    static const uint8_t zero[SEAL_KEY_SIZE];
    assert_true(seal_index_key_create(path(f, "index"), NULL));
    assert_int_equal(mode_of(f->path), 0600);
    assert_true(seal_index_key_load(f->path, key, NULL));
    assert_memory_not_equal(key, zero, sizeof(key));
}

static void test_modes(void **state)
{
    struct fixture *f = *state;
    static const mode_t others[] = {0604, 0640, 0620, 0644, 0660, 0601, 0777};
    static const char text[] = "muster-secret-key 1 " HEX "\n";
    uint8_t key[SEAL_KEY_SIZE];
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct error error = {.code = ERROR_NONE};
        put(path(f, "file"), text, sizeof(text) - 1, others[i]);
        assert_false(seal_secret_key_load(f->path, key, &error));
        assert_int_equal(error.code, ERROR_INVALID);
        assert_non_null(strstr(error.detail, f->path));
    }
    put(path(f, "file"), text, sizeof(text) - 1, 0400);
    assert_true(seal_secret_key_load(f->path, key, NULL));
    assert_int_equal(key[31], 0x1f);
}

static void test_what_is_no_key(void **state)
{
    static const struct {
        const char *text;
        const char *says;
    } cases[] = {
        {"", "not a key file"},
        {"\n", "not a key file"},
        {HEX, "not a key file"},
        {"muster-index-key1 " HEX, "not a key file"},
        {"-----BEGIN PRIVATE KEY-----\n", "not a key file"},
        {"muster-public-key 1 " HEX "\n", "is a public key; a secret key is needed"},
        {"muster-index-key 1 " HEX "\n", "is an index key; a secret key is needed"},
        {"muster-secret-key 2 " HEX "\n", "version"},
        {"muster-secret-key  1 " HEX "\n", "version"},
        {"muster-secret-key", "version"},
        {"muster-secret-key 1", "64 hexadecimal digits"},
        {"muster-secret-key 1 " HEX "00\n", "64 hexadecimal digits"},
        {"muster-secret-key 1 0" HEX "\n", "64 hexadecimal digits"},
        {"muster-secret-key 1 " HEX " " HEX, "not a key file"}, /* longer than any key file */
        {"muster-secret-key 1 g00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n",
         "64 hexadecimal digits"},
    };
    struct fixture *f = *state;
    uint8_t key[SEAL_KEY_SIZE];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error = {.code = ERROR_NONE};
        put(path(f, "file"), cases[i].text, strlen(cases[i].text), 0600);
        assert_false(seal_secret_key_load(f->path, key, &error));
        assert_int_equal(error.code, ERROR_INVALID);
        assert_non_null(strstr(error.detail, f->path));
        assert_non_null(strstr(error.detail, cases[i].says));
        assert_null(strstr(error.detail, "0a0b0c")); /* never the key itself */
    }
    put(path(f, "file"), "muster-secret-key 1 " HEX, strlen("muster-secret-key 1 " HEX), 0600);
    assert_true(seal_secret_key_load(f->path, key, NULL)); /* an editor may drop the last newline */
}

static void test_what_is_no_file(void **state)
{
    struct fixture *f = *state;
    struct seal_recipient recipient;
    struct error error = {.code = ERROR_NONE};
    assert_false(seal_public_key_load(path(f, "absent"), &recipient, &error));
    assert_int_equal(error.code, ERROR_IO);
    assert_non_null(strstr(error.detail, f->path));
    assert_false(seal_public_key_load(f->directory, &recipient, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_int_equal(mkfifo(path(f, "file"), 0600), 0);
    assert_false(seal_public_key_load(f->path, &recipient, &error)); /* and does not wait for a writer */
    static const char zero[] = "muster-public-key 1 0000000000000000000000000000000000000000000000000000000000000000\n";
    put(path(f, "file"), zero, sizeof(zero) - 1, 0644);
    assert_false(seal_public_key_load(f->path, &recipient, &error));
    assert_non_null(strstr(error.detail, "not a usable"));
    assert_false(seal_index_key_create(path(f, "absent/index"), &error));
    assert_int_equal(error.code, ERROR_IO);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_pair, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_is_overwritten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_index_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_modes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_file, set_up, tear_down),
    };
    if (!seal_start(NULL)) {
        return 1;
    }
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
