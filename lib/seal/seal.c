/* SPDX-License-Identifier: Apache-2.0
 * The sealing side: an epoch's keys, its wraps, and the fields sealed under it. */
#include "seal/seal.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "seal/seal_format.h"

enum { NONCE_RANDOM = 16, NONCE_COUNTER = SEAL_NONCE_SIZE - NONCE_RANDOM };
_Static_assert(NONCE_RANDOM == crypto_core_hchacha20_INPUTBYTES, "the part of the nonce that makes the inner key");
_Static_assert(SEAL_TAG_SIZE == crypto_aead_chacha20poly1305_ietf_ABYTES, "the inner cipher's tag is the outer's");

struct wrap {
    char recipient_id[SEAL_RECIPIENT_ID_SIZE + 1];
    uint8_t bytes[SEAL_WRAP_SIZE];
};

/* Lives whole in libsodium's guarded memory: locked, kept out of core dumps, wiped when freed. */
struct seal_epoch {
    struct uuid id;
    uint8_t data_key[SEAL_KEY_SIZE];
    /* XChaCha20 is ChaCha20 under HChaCha20(key, first 16 bytes of the nonce), with the rest of the nonce (draft-irtf-cfrg-xchacha-03,
     * section 2.3): those 16 bytes stay the same here, so the inner key is made once. */
    uint8_t inner_key[crypto_core_hchacha20_OUTPUTBYTES];
    /* 16 random bytes and a counter. A nonce must never come twice under one key: this key is known to this object alone, and
     * its counter never repeats, so no getrandom is paid for each field. The random half costs nothing and keeps nonces of
     * different epochs apart as well. It would fail only in a copy of the object: an epoch must not be used across fork. */
    uint8_t nonce_random[NONCE_RANDOM];
    uint64_t nonce_counter;
    unsigned wrap_count;
    struct wrap wraps[SEAL_RECIPIENTS_MAX];
};

bool seal_start(struct error *error)
{
    return sodium_init() >= 0 || error_set(error, ERROR_CRYPTO, "seal.start", "libsodium cannot be initialised");
}

void seal_recipient_identify(struct seal_recipient *recipient)
{
    uint8_t digest[crypto_generichash_BYTES];
    int failed = crypto_generichash(digest, sizeof(digest), recipient->public_key, SEAL_KEY_SIZE, NULL, 0);
    assert(failed == 0); /* only a length out of range fails */
    (void)failed;
    (void)hex_format(digest, SEAL_RECIPIENT_ID_SIZE / 2, recipient->id);
}

static bool wrap_for(struct seal_epoch *epoch, const struct seal_recipient *recipient)
{
    struct wrap *wrap = &epoch->wraps[epoch->wrap_count];
    uint8_t secret[UUID_SIZE + SEAL_KEY_SIZE];
    memcpy(secret, epoch->id.bytes, UUID_SIZE);
    memcpy(secret + UUID_SIZE, epoch->data_key, SEAL_KEY_SIZE);
    memcpy(wrap->recipient_id, recipient->id, sizeof(wrap->recipient_id));
    bool sealed = crypto_box_seal(wrap->bytes, secret, sizeof(secret), recipient->public_key) == 0;
    sodium_memzero(secret, sizeof(secret));
    epoch->wrap_count += sealed ? 1 : 0;
    return sealed;
}

struct seal_epoch *seal_epoch_new(const struct seal_recipient *recipients, unsigned count)
{
    if (count == 0 || count > SEAL_RECIPIENTS_MAX) {
        return NULL; /* sealed to nobody, it could never be opened */
    }
    struct seal_epoch *epoch = sodium_malloc(sizeof(*epoch));
    if (epoch == NULL) {
        return NULL;
    }
    memset(epoch, 0, sizeof(*epoch)); /* libsodium fills what it hands out with 0xdb */
    epoch->id = uuid_random();
    randombytes_buf(epoch->data_key, sizeof(epoch->data_key));
    randombytes_buf(epoch->nonce_random, sizeof(epoch->nonce_random));
    (void)crypto_core_hchacha20(epoch->inner_key, epoch->nonce_random, epoch->data_key, NULL); /* cannot fail */
    for (unsigned i = 0; i < count; i++) {
        if (!wrap_for(epoch, &recipients[i])) {
            seal_epoch_free(epoch);
            return NULL;
        }
    }
    return epoch;
}

void seal_epoch_free(struct seal_epoch *epoch)
{
    sodium_free(epoch); /* wipes first; NULL is harmless */
}

const struct uuid *seal_epoch_id(const struct seal_epoch *epoch)
{
    return &epoch->id;
}

unsigned seal_epoch_wrap_count(const struct seal_epoch *epoch)
{
    return epoch->wrap_count;
}

struct slice seal_epoch_wrap(const struct seal_epoch *epoch, unsigned index, const char **recipient_id)
{
    assert(index < epoch->wrap_count);
    *recipient_id = epoch->wraps[index].recipient_id;
    return slice_make(epoch->wraps[index].bytes, SEAL_WRAP_SIZE);
}

static void next_nonce(struct seal_epoch *epoch, uint8_t nonce[SEAL_NONCE_SIZE])
{
    uint64_t counter = epoch->nonce_counter++; /* a field a nanosecond would take 584 years to come round */
    memcpy(nonce, epoch->nonce_random, NONCE_RANDOM);
    for (unsigned i = 0; i < NONCE_COUNTER; i++) {
        nonce[NONCE_RANDOM + i] = (uint8_t)(counter >> (8 * (NONCE_COUNTER - 1 - i)));
    }
}

/* The inner nonce: four zeros, and what the outer one has behind its first 16 bytes. */
static bool encrypt_body(struct seal_epoch *epoch, const struct seal_associated *associated, uint8_t *nonce,
                         uint8_t *body, size_t length)
{
    uint8_t inner_nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES] = {0};
    unsigned long long written = 0;
    next_nonce(epoch, nonce);
    memcpy(inner_nonce + sizeof(inner_nonce) - NONCE_COUNTER, nonce + NONCE_RANDOM, NONCE_COUNTER);
    return crypto_aead_chacha20poly1305_ietf_encrypt(body, &written, body, length, associated->bytes,
                                                     associated->length, NULL, inner_nonce, epoch->inner_key) == 0;
}

/* ISO/IEC 7816-4, as sodium_pad does, whose constant time (a look at each byte of a block) guards nothing from the one who seals. */
static void pad(uint8_t *body, size_t plain_length, size_t padded_length)
{
    body[plain_length] = 0x80;
    memset(body + plain_length + 1, 0, padded_length - plain_length - 1);
}

struct slice seal_field(struct seal_epoch *epoch, struct arena *arena, const struct seal_place *place,
                        struct slice plain)
{
    const struct slice none = {NULL, 0};
    struct seal_associated associated;
    if (plain.length > SEAL_PLAIN_MAX || !seal_format_associate(&epoch->id, place, &associated)) {
        return none;
    }
    size_t padded = (plain.length / SEAL_PAD + 1) * SEAL_PAD;
    size_t length = SEAL_BODY_OFFSET + padded + SEAL_TAG_SIZE;
    uint8_t *sealed = arena_alloc(arena, length);
    if (sealed == NULL) {
        return none;
    }
    sealed[0] = SEAL_VERSION;
    if (plain.length > 0) {
        memcpy(sealed + SEAL_BODY_OFFSET, plain.data, plain.length);
    }
    pad(sealed + SEAL_BODY_OFFSET, plain.length, padded);
    if (!encrypt_body(epoch, &associated, sealed + 1, sealed + SEAL_BODY_OFFSET, padded)) {
        sodium_memzero(sealed, length);
        return none;
    }
    return slice_make(sealed, length);
}
