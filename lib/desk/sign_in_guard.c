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
    unsigned failures;
    bool good;       /* the owner signed in by it: kept while the slot is */
    int64_t last_us; /* 0: empty */
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

enum allowance { OF_ADDRESS, OF_ACCOUNT, OF_DEVICES };

static bool digest_of(const struct sign_in_guard *guard, const struct sign_in_try *attempt, enum allowance which,
                      uint8_t digest[DIGEST_SIZE])
{
    struct address_key where = which == OF_ADDRESS ? address_key_of(attempt->address) : (struct address_key){{0}};
    uint8_t kind = (uint8_t)which;
    crypto_generichash_state state;
    return crypto_generichash_init(&state, guard->key, sizeof(guard->key), DIGEST_SIZE) == 0 &&
           crypto_generichash_update(&state, &kind, sizeof(kind)) == 0 &&
           crypto_generichash_update(&state, where.bytes, sizeof(where.bytes)) == 0 &&
           crypto_generichash_update(&state, (const uint8_t *)attempt->user.data, attempt->user.length) == 0 &&
           crypto_generichash_final(&state, digest, DIGEST_SIZE) == 0;
}

static bool is_of(const struct slot *slot, const uint8_t digest[DIGEST_SIZE])
{
    return slot->last_us != 0 && memcmp(slot->digest, digest, DIGEST_SIZE) == 0;
}

/* The slot of a digest; when there is none, the one of its set to give it. */
static struct slot *find_slot(struct sign_in_guard *guard, const uint8_t digest[DIGEST_SIZE])
{
    struct slot *set = guard->slots[(digest[0] | (unsigned)digest[1] << 8) % SETS];
    struct slot *oldest = &set[0];
    for (unsigned i = 0; i < SET_SIZE; i++) {
        if (is_of(&set[i], digest)) {
            return &set[i];
        }
        if (set[i].last_us < oldest->last_us) {
            oldest = &set[i];
        }
    }
    return oldest;
}

/* The slot with what is remembered of this allowance, emptied when that is old; NULL when it cannot be told. */
static struct slot *slot_of(struct sign_in_guard *guard, const struct sign_in_try *attempt, enum allowance which,
                            int64_t now_us)
{
    uint8_t digest[DIGEST_SIZE];
    if (!digest_of(guard, attempt, which, digest)) {
        return NULL;
    }
    struct slot *slot = find_slot(guard, digest);
    bool known = is_of(slot, digest);
    if (!known || now_us - slot->last_us >= SIGN_IN_FORGET * MICROSECONDS_A_SECOND) {
        *slot = (struct slot){.good = known && slot->good};
        memcpy(slot->digest, digest, DIGEST_SIZE);
    }
    return slot;
}

static int64_t wait_after(unsigned failures, unsigned free_of_charge, int64_t most_s)
{
    if (failures < free_of_charge) {
        return 0;
    }
    unsigned doublings = failures - free_of_charge;
    int64_t seconds = doublings < 10 ? INT64_C(1) << doublings : most_s;
    return (seconds < most_s ? seconds : most_s) * MICROSECONDS_A_SECOND;
}

static unsigned wait_of(const struct slot *slot, int64_t now_us)
{
    return now_us < slot->open_us
               ? (unsigned)((slot->open_us - now_us + MICROSECONDS_A_SECOND - 1) / MICROSECONDS_A_SECOND)
               : 0;
}

static void count(struct slot *slot, unsigned free_of_charge, int64_t most_s, int64_t now_us)
{
    slot->failures++;
    slot->last_us = now_us;
    slot->open_us = now_us + wait_after(slot->failures, free_of_charge, most_s);
}

unsigned sign_in_guard_enter(struct sign_in_guard *guard, const struct sign_in_try *attempt, int64_t now_us)
{
    struct slot *devices = attempt->known_device ? slot_of(guard, attempt, OF_DEVICES, now_us) : NULL;
    if (devices != NULL && wait_of(devices, now_us) == 0) {
        count(devices, SIGN_IN_FREE, SIGN_IN_WAIT_MAX, now_us);
        return 0;
    }
    struct slot *here = slot_of(guard, attempt, OF_ADDRESS, now_us);
    if (here == NULL) {
        return SIGN_IN_WAIT_MAX;
    }
    unsigned wait = wait_of(here, now_us);
    if (wait > 0) {
        return wait;
    }
    if (!here->good) {
        struct slot *lane = slot_of(guard, attempt, OF_ACCOUNT, now_us);
        wait = lane != NULL ? wait_of(lane, now_us) : SIGN_IN_LANE_WAIT_MAX;
        if (wait > 0) {
            return wait;
        }
        count(lane, SIGN_IN_LANE_FREE, SIGN_IN_LANE_WAIT_MAX, now_us);
        here = slot_of(guard, attempt, OF_ADDRESS, now_us); /* again: an empty one may have gone to the lane */
    }
    if (here != NULL) {
        count(here, SIGN_IN_FREE, SIGN_IN_WAIT_MAX, now_us);
    }
    return 0;
}

static void forgive(struct sign_in_guard *guard, const struct sign_in_try *attempt, enum allowance which)
{
    uint8_t digest[DIGEST_SIZE];
    struct slot *slot = digest_of(guard, attempt, which, digest) ? find_slot(guard, digest) : NULL;
    if (slot != NULL && is_of(slot, digest)) {
        slot->failures = 0;
        slot->open_us = 0;
        slot->good = true;
    }
}

void sign_in_guard_pass(struct sign_in_guard *guard, const struct sign_in_try *attempt)
{
    /* by a known device: what others guess beside it is not forgiven; nor is, ever, what strangers guess of the account */
    forgive(guard, attempt, attempt->known_device ? OF_DEVICES : OF_ADDRESS);
}
