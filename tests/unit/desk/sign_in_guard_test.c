/* SPDX-License-Identifier: Apache-2.0
 * How long who guesses must wait, by a clock that the test sets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "core/clock.h"
#include "desk/sign_in_guard.h"

static struct sockaddr_storage at(const char *text)
{
    struct sockaddr_storage storage = {.ss_family = AF_INET};
    struct sockaddr_in address = {.sin_family = AF_INET};
    assert_int_equal(inet_pton(AF_INET, text, &address.sin_addr), 1);
    memcpy(&storage, &address, sizeof(address));
    return storage;
}

static const struct slice user = SLICE_INIT("officer.1");
static const int64_t start = INT64_C(1690000000) * MICROSECONDS_A_SECOND;

static unsigned enter(struct sign_in_guard *guard, struct slice who, const struct sockaddr_storage *address,
                      int64_t now_us)
{
    return sign_in_guard_enter(guard, &(struct sign_in_try){.user = who, .address = address}, now_us);
}

static int set_up(void **state)
{
    *state = sign_in_guard_new();
    return *state != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    sign_in_guard_free(*state);
    return 0;
}

/* Attempts one after the other as soon as each may; checks that the waits double. */
static void waits_double(void **state)
{
    struct sockaddr_storage here = at("192.0.2.1");
    int64_t now = start;
    for (unsigned i = 0; i < SIGN_IN_FREE; i++) {
        assert_int_equal(enter(*state, user, &here, now), 0);
    }
    for (unsigned wait = 1; wait < 2 * SIGN_IN_WAIT_MAX; wait *= 2) {
        unsigned expected = wait < SIGN_IN_WAIT_MAX ? wait : SIGN_IN_WAIT_MAX;
        assert_int_equal(enter(*state, user, &here, now), expected);
        assert_int_equal(enter(*state, user, &here, now), expected); /* asking does not lengthen it */
        now += expected * MICROSECONDS_A_SECOND;
        assert_int_equal(enter(*state, user, &here, now - 1), 1);
        assert_int_equal(enter(*state, user, &here, now), 0);
    }
    assert_int_equal(enter(*state, user, &here, now), SIGN_IN_WAIT_MAX);
}

static void exhaust(struct sign_in_guard *guard, const struct sockaddr_storage *here)
{
    for (unsigned i = 0; i < SIGN_IN_FREE; i++) {
        assert_int_equal(enter(guard, user, here, start), 0);
    }
    assert_int_not_equal(enter(guard, user, here, start), 0);
}

static void elsewhere_the_owner_signs_in(void **state)
{
    struct sockaddr_storage attacker = at("192.0.2.1");
    struct sockaddr_storage owner = at("192.0.2.2");
    exhaust(*state, &attacker);
    assert_int_equal(enter(*state, user, &owner, start), 0);
    assert_int_equal(enter(*state, SLICE("officer.2"), &attacker, start), 0);
}

static void success_and_time_forgive(void **state)
{
    struct sockaddr_storage here = at("192.0.2.1");
    exhaust(*state, &here);
    sign_in_guard_pass(*state, &(struct sign_in_try){.user = user, .address = &here});
    exhaust(*state, &here);
    int64_t later = start + SIGN_IN_FORGET * MICROSECONDS_A_SECOND;
    for (unsigned i = 0; i < SIGN_IN_FREE; i++) {
        assert_int_equal(enter(*state, user, &here, later), 0);
    }
}

/* Somebody with a thousand addresses guesses without end. */
static void besiege(struct sign_in_guard *guard)
{
    for (unsigned i = 0; i < 1000; i++) {
        char text[16];
        (void)snprintf(text, sizeof(text), "198.51.%u.%u", i / 250, i % 250);
        struct sockaddr_storage attacker = at(text);
        (void)enter(guard, user, &attacker, start); /* most are refused */
    }
}

static void guesses_from_everywhere_are_slowed(void **state)
{
    struct sockaddr_storage stranger = at("203.0.113.9");
    besiege(*state);
    assert_in_range(enter(*state, user, &stranger, start), 1, SIGN_IN_LANE_WAIT_MAX);
    assert_int_equal(enter(*state, SLICE("officer.2"), &stranger, start), 0);
    /* and it is never a lock: the next try of whoever waited goes on */
    assert_int_equal(enter(*state, user, &stranger, start + SIGN_IN_LANE_WAIT_MAX * MICROSECONDS_A_SECOND), 0);
}

static void besieged_the_owner_signs_in(void **state)
{
    struct sockaddr_storage home = at("192.0.2.2");
    struct sockaddr_storage away = at("192.0.2.3");
    assert_int_equal(enter(*state, user, &home, start), 0);
    sign_in_guard_pass(*state, &(struct sign_in_try){.user = user, .address = &home});
    besiege(*state);
    assert_int_equal(enter(*state, user, &home, start), 0); /* from where they were before */
    struct sign_in_try device = {.user = user, .address = &away, .known_device = true};
    assert_int_equal(sign_in_guard_enter(*state, &device, start), 0); /* with their own device, from anywhere */
}

/* The attacker shares the office's address. */
static void beside_the_attacker_a_known_device_goes_on(void **state)
{
    struct sockaddr_storage here = at("192.0.2.1");
    struct sign_in_try device = {.user = user, .address = &here, .known_device = true};
    exhaust(*state, &here);
    for (unsigned i = 0; i < SIGN_IN_FREE; i++) {
        assert_int_equal(sign_in_guard_enter(*state, &device, start), 0);
    }
    assert_int_not_equal(sign_in_guard_enter(*state, &device, start), 0); /* a stolen device guesses no faster */
}

/* Many names from everywhere: memory is bounded, and who guessed last is still slowed. */
static void memory_is_bounded(void **state)
{
    struct sockaddr_storage here = at("192.0.2.1");
    for (unsigned i = 0; i < 4 * SIGN_IN_GUARD_SLOTS; i++) {
        char name[16];
        int length = snprintf(name, sizeof(name), "n%u", i);
        assert_int_equal(enter(*state, slice_make(name, (size_t)length), &here, start - 1), 0);
    }
    exhaust(*state, &here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(waits_double, set_up, tear_down),
        cmocka_unit_test_setup_teardown(elsewhere_the_owner_signs_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(success_and_time_forgive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(guesses_from_everywhere_are_slowed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(besieged_the_owner_signs_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(beside_the_attacker_a_known_device_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_is_bounded, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("desk/sign_in_guard", tests, NULL, NULL);
}
