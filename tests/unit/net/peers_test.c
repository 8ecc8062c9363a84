/* SPDX-License-Identifier: Apache-2.0
 * Counting connections by address, against a plain model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/peers.h"

enum { ADDRESSES = 40, CONNECTIONS = 64, STEPS = 200000 };

static struct address_key key_of(unsigned number)
{
    struct address_key key = {{10, 0}};
    key.bytes[15] = (uint8_t)number;
    return key;
}

struct model_connection {
    bool open, lags;
    unsigned address;
    unsigned since;
    struct peers_link link;
};

static void check(const struct peers *peers, struct model_connection *all, unsigned address)
{
    unsigned count = 0, lagging = 0;
    struct model_connection *slowest = NULL;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (all[i].open && all[i].address == address) {
            count++;
            lagging += all[i].lags ? 1 : 0;
            slowest = all[i].lags && (slowest == NULL || all[i].since < slowest->since) ? &all[i] : slowest;
        }
    }
    assert_int_equal(peers_count(peers, key_of(address)), count);
    assert_int_equal(peers_lagging(peers, key_of(address)), lagging);
    assert_ptr_equal(peers_slowest(peers, key_of(address)), slowest != NULL ? &slowest->link : NULL);
}

/* Whatever opens, lags, catches up and closes in whatever order: counts hold, and the slowest is who lagged first. */
static void test_against_a_model(void **state)
{
    static struct model_connection all[CONNECTIONS];
    struct peers peers;
    (void)state;
    assert_true(peers_init(&peers, CONNECTIONS));
    srand(7);
    for (unsigned step = 1; step < STEPS; step++) {
        struct model_connection *c = &all[(unsigned)rand() % CONNECTIONS];
        unsigned before = c->address;
        struct address_key key = key_of(c->address);
        if (!c->open) {
            c->address = (unsigned)rand() % ADDRESSES;
            c->open = peers_enter(&peers, key_of(c->address));
            assert_true(c->open);
        } else if (c->lags) {
            peers_catch_up(&peers, key, &c->link);
            c->lags = false;
        } else if (rand() % 2 == 0) {
            peers_lag(&peers, key, &c->link);
            c->lags = true;
            c->since = step;
        } else {
            peers_leave(&peers, key);
            c->open = false;
        }
        check(&peers, all, before);
        check(&peers, all, (unsigned)rand() % ADDRESSES);
    }
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (all[i].lags) {
            peers_catch_up(&peers, key_of(all[i].address), &all[i].link);
        }
        if (all[i].open) {
            peers_leave(&peers, key_of(all[i].address));
        }
    }
    assert_int_equal(peers.used, 0);
    peers_release(&peers);
}

static void test_never_more_addresses_than_room(void **state)
{
    struct peers peers;
    unsigned taken = 0;
    (void)state;
    assert_true(peers_init(&peers, 8));
    for (unsigned i = 0; i < 200; i++) {
        taken += peers_enter(&peers, key_of(i)) ? 1 : 0;
    }
    assert_in_range(taken, 8, 16);
    peers_release(&peers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_a_model),
        cmocka_unit_test(test_never_more_addresses_than_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
