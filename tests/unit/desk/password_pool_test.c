/* SPDX-License-Identifier: Apache-2.0
 * Real Argon2id on real threads: the right password, a wrong one, nobody's, more than fit, and owners that leave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sodium.h>

#include "desk/password_pool.h"

struct verdict {
    int told;
    bool right;
};

struct room {
    struct event_base *base;
    struct password_pool *pool;
};

static char cheap_hash[crypto_pwhash_STRBYTES]; /* of "open sesame", at the least cost there is */

static void on_done(void *context, bool right)
{
    struct verdict *verdict = context;
    verdict->told++;
    verdict->right = right;
}

static bool check(struct room *room, struct slice hash, struct slice password)
{
    struct verdict verdict = {0, false};
    assert_non_null(password_pool_check(room->pool, hash, password, on_done, &verdict));
    assert_int_equal(verdict.told, 0); /* never before it returns */
    while (verdict.told == 0) {
        assert_int_equal(event_base_loop(room->base, EVLOOP_ONCE), 0);
    }
    assert_int_equal(verdict.told, 1);
    return verdict.right;
}

static void verdicts(void **state)
{
    struct room *room = *state;
    struct slice hash = slice_of(cheap_hash);
    assert_true(check(room, hash, SLICE("open sesame")));
    assert_false(check(room, hash, SLICE("open sesame ")));
    assert_false(check(room, hash, SLICE("")));
    assert_false(check(room, SLICE("not a hash"), SLICE("open sesame")));
    assert_false(check(room, SLICE(""), SLICE("open sesame"))); /* nobody's, at the full cost */
    assert_false(check(room, SLICE(""), SLICE("")));
}

struct made {
    struct password_job *job;
    char hash[crypto_pwhash_STRBYTES];
    int told;
};

static void on_made(void *context, bool made)
{
    struct made *result = context;
    struct slice hash = password_job_hash(result->job);
    assert_true(made && hash.length < sizeof(result->hash));
    memcpy(result->hash, hash.data, hash.length);
    result->told++;
}

static void a_new_hash_fits_its_password(void **state)
{
    struct room *room = *state;
    struct made result = {.told = 0};
    result.job = password_pool_make(room->pool, SLICE("three unrelated words"), on_made, &result);
    assert_non_null(result.job);
    while (result.told == 0) {
        assert_int_equal(event_base_loop(room->base, EVLOOP_ONCE), 0);
    }
    assert_true(check(room, slice_of(result.hash), SLICE("three unrelated words")));
    assert_false(check(room, slice_of(result.hash), SLICE("three unrelated word")));
}

static void bounds(void **state)
{
    static char long_password[PASSWORD_MAX + 1];
    struct room *room = *state;
    struct verdict verdicts_[PASSWORD_QUEUE_MAX] = {{0, false}};
    assert_null(
        password_pool_check(room->pool, SLICE(""), slice_make(long_password, sizeof(long_password)), on_done, NULL));
    for (size_t i = 0; i < PASSWORD_QUEUE_MAX; i++) {
        assert_non_null(password_pool_check(room->pool, slice_of(cheap_hash), SLICE("x"), on_done, &verdicts_[i]));
    }
    assert_null(password_pool_check(room->pool, slice_of(cheap_hash), SLICE("x"), on_done, NULL));
    for (size_t i = 0; i < PASSWORD_QUEUE_MAX; i++) {
        while (verdicts_[i].told == 0) {
            assert_int_equal(event_base_loop(room->base, EVLOOP_ONCE), 0);
        }
        assert_int_equal(verdicts_[i].told, 1);
    }
    assert_true(check(room, slice_of(cheap_hash), SLICE("open sesame"))); /* room again */
}

static void who_left_is_not_told(void **state)
{
    struct room *room = *state;
    struct verdict gone = {0, false};
    struct password_job *job = password_pool_check(room->pool, slice_of(cheap_hash), SLICE("x"), on_done, &gone);
    assert_non_null(job);
    password_job_cancel(job);
    assert_true(check(room, slice_of(cheap_hash), SLICE("open sesame")));
    assert_int_equal(gone.told, 0);
}

static void freed_while_at_work(void **state)
{
    struct room *room = *state;
    struct verdict never = {0, false};
    for (int i = 0; i < 5; i++) {
        assert_non_null(password_pool_check(room->pool, slice_of(cheap_hash), SLICE("x"), on_done, &never));
    }
    password_pool_free(room->pool);
    room->pool = NULL;
    assert_int_equal(never.told, 0);
}

static int set_up(void **state)
{
    static struct room room;
    struct error error;
    static const char password[] = "open sesame";
    if (sodium_init() < 0 || crypto_pwhash_str(cheap_hash, password, sizeof(password) - 1, crypto_pwhash_OPSLIMIT_MIN,
                                               crypto_pwhash_MEMLIMIT_MIN) != 0) {
        return -1;
    }
    room.base = event_base_new();
    room.pool = password_pool_new(room.base, &error);
    *state = &room;
    return room.pool != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    struct room *room = *state;
    password_pool_free(room->pool);
    event_base_free(room->base);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(verdicts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_hash_fits_its_password, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bounds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_left_is_not_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(freed_while_at_work, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("desk/password_pool", tests, NULL, NULL);
}
