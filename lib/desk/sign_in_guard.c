/* SPDX-License-Identifier: Apache-2.0
 * A table of keyed digests in small sets, like a processor's cache: bounded memory, bounded search. */
#include "desk/sign_in_guard.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "net/address.h"

enum { DIGEST_SIZE = 16, SET_SIZE = 8, SETS = SIGN_IN_GUARD_SLOTS / SET_SIZE };

struct slot {
    uint8_t digest[DIGEST_SIZE];
    unsigned failures; /* 0: empty */
    int64_t last_us;
    int64_t open_us; /* no attempt before */
};

struct sign_in_guard {
    uint8_t key[crypto_generichash_KEYBYTES]; /* random, so that nobody can choose whose slot they share */
    struct slot slots[SETS][SET_SIZE];
};

struct sign_in_guard *sign_in_guard_new(void)
{
    struct sign_in_guard *guard = calloc(1, sizeof(*guard));
    if (guard != NULL) {
        randombytes_buf(guard->key, sizeof(guard->key));
    }
    return guard;
}

void sign_in_guard_free(struct sign_in_guard *guard)
{
    free(guard);
}

static bool digest_of(const struct sign_in_guard *guard, struct slice user, const struct sockaddr_storage *address,
                      uint8_t digest[DIGEST_SIZE])
{
    struct address_key where = address_key_of(address);
    crypto_generichash_state state;
    return crypto_generichash_init(&state, guard->key, sizeof(guard->key), DIGEST_SIZE) == 0 &&
           crypto_generichash_update(&state, where.bytes, sizeof(where.bytes)) == 0 &&
           crypto_generichash_update(&state, (const uint8_t *)user.data, user.length) == 0 &&
           crypto_generichash_final(&state, digest, DIGEST_SIZE) == 0;
}

/* The slot of a digest; when there is none, the one of its set to give it. */
static struct slot *find_slot(struct sign_in_guard *guard, const uint8_t digest[DIGEST_SIZE])
{
    struct slot *set = guard->slots[(digest[0] | (unsigned)digest[1] << 8) % SETS];
    struct slot *oldest = &set[0];
    for (unsigned i = 0; i < SET_SIZE; i++) {
        if (set[i].failures > 0 && memcmp(set[i].digest, digest, DIGEST_SIZE) == 0) {
            return &set[i];
        }
        if (set[i].last_us < oldest->last_us) {
            oldest = &set[i];
        }
    }
    return oldest;
}

static int64_t wait_after(unsigned failures)
{
    if (failures < SIGN_IN_FREE) {
        return 0;
    }
    unsigned doublings = failures - SIGN_IN_FREE;
    int64_t seconds = doublings < 10 ? INT64_C(1) << doublings : SIGN_IN_WAIT_MAX;
    return (seconds < SIGN_IN_WAIT_MAX ? seconds : SIGN_IN_WAIT_MAX) * MICROSECONDS_A_SECOND;
}

unsigned sign_in_guard_enter(struct sign_in_guard *guard, struct slice user, const struct sockaddr_storage *address,
                             int64_t now_us)
{
    uint8_t digest[DIGEST_SIZE];
    if (!digest_of(guard, user, address, digest)) {
        return SIGN_IN_WAIT_MAX;
    }
    struct slot *slot = find_slot(guard, digest);
    bool known = slot->failures > 0 && memcmp(slot->digest, digest, DIGEST_SIZE) == 0 &&
                 now_us - slot->last_us < SIGN_IN_FORGET * MICROSECONDS_A_SECOND;
    if (!known) {
        *slot = (struct slot){.failures = 0};
        memcpy(slot->digest, digest, DIGEST_SIZE);
    }
    if (now_us < slot->open_us) {
        return (unsigned)((slot->open_us - now_us + MICROSECONDS_A_SECOND - 1) / MICROSECONDS_A_SECOND);
    }
    slot->failures++;
    slot->last_us = now_us;
    slot->open_us = now_us + wait_after(slot->failures);
    return 0;
}

void sign_in_guard_pass(struct sign_in_guard *guard, struct slice user, const struct sockaddr_storage *address)
{
    uint8_t digest[DIGEST_SIZE];
    if (!digest_of(guard, user, address, digest)) {
        return;
    }
    struct slot *slot = find_slot(guard, digest);
    if (slot->failures > 0 && memcmp(slot->digest, digest, DIGEST_SIZE) == 0) {
        *slot = (struct slot){.failures = 0};
    }
}
