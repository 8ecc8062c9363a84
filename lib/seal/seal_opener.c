/* SPDX-License-Identifier: Apache-2.0
 * The opening side: a recipient's secret key, the epochs it has unwrapped, and the fields it opens. */
#include "seal/seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "seal/seal_cache.h"
#include "seal/seal_format.h"

struct seal_opener {
    uint8_t *secret_key; /* in libsodium's guarded memory: locked, kept out of core dumps, wiped when freed */
    struct seal_recipient recipient;
    struct seal_cache *epochs;
};

struct seal_opener *seal_opener_new(const uint8_t secret_key[SEAL_KEY_SIZE], unsigned epochs_max)
{
    struct seal_opener *opener = calloc(1, sizeof(*opener));
    if (opener == NULL) {
        return NULL;
    }
    opener->epochs = seal_cache_new(epochs_max);
    opener->secret_key = sodium_malloc(SEAL_KEY_SIZE);
    if (opener->epochs == NULL || opener->secret_key == NULL) {
        seal_opener_free(opener);
        return NULL;
    }
    memcpy(opener->secret_key, secret_key, SEAL_KEY_SIZE);
    if (crypto_scalarmult_base(opener->recipient.public_key, opener->secret_key) != 0) {
        seal_opener_free(opener);
        return NULL;
    }
    seal_recipient_identify(&opener->recipient);
    return opener;
}

void seal_opener_free(struct seal_opener *opener)
{
    if (opener != NULL) {
        seal_cache_free(opener->epochs);
        sodium_free(opener->secret_key);
        free(opener);
    }
}

const char *seal_opener_recipient_id(const struct seal_opener *opener)
{
    return opener->recipient.id;
}

bool seal_opener_knows(const struct seal_opener *opener, const struct uuid *epoch_id)
{
    return seal_cache_has(opener->epochs, epoch_id);
}

/* Anyone can seal a box to a public key, so a second wrap may name an epoch we have with a key of its maker's choosing: the first
 * stands. */
static bool keep_epoch(struct seal_opener *opener, const struct uuid *epoch_id, const uint8_t data_key[SEAL_KEY_SIZE],
                       struct error *error)
{
    const uint8_t *known = seal_cache_find(opener->epochs, epoch_id);
    if (known == NULL) {
        seal_cache_put(opener->epochs, epoch_id, data_key);
        return true;
    }
    return sodium_memcmp(known, data_key, SEAL_KEY_SIZE) == 0 ||
           error_set(error, ERROR_CRYPTO, "seal.opener_add", "the wrap has another data key than its epoch");
}

bool seal_opener_add(struct seal_opener *opener, const struct uuid *epoch_id, struct slice wrap, struct error *error)
{
    static const char where[] = "seal.opener_add";
    uint8_t secret[UUID_SIZE + SEAL_KEY_SIZE];
    bool added = false;
    if (wrap.length != SEAL_WRAP_SIZE || crypto_box_seal_open(secret, (const uint8_t *)wrap.data, wrap.length,
                                                              opener->recipient.public_key, opener->secret_key) != 0) {
        added =
            error_set(error, ERROR_CRYPTO, where, "the wrap is damaged or not for recipient %s", opener->recipient.id);
    } else if (memcmp(secret, epoch_id->bytes, UUID_SIZE) != 0) {
        added = error_set(error, ERROR_CRYPTO, where, "the wrap is of another epoch");
    } else {
        added = keep_epoch(opener, epoch_id, secret + UUID_SIZE, error);
    }
    sodium_memzero(secret, sizeof(secret));
    return added;
}

/* Decrypts into `padded` (as long as the encrypted text without its tag) and finds where the padding begins. */
static bool decrypt_body(const uint8_t *data_key, const struct seal_associated *associated, struct slice sealed,
                         uint8_t *padded, size_t *plain_length)
{
    const uint8_t *bytes = (const uint8_t *)sealed.data;
    unsigned long long written = 0;
    return bytes[0] == SEAL_VERSION &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(padded, &written, NULL, bytes + SEAL_BODY_OFFSET,
                                                      sealed.length - SEAL_BODY_OFFSET, associated->bytes,
                                                      associated->length, bytes + 1, data_key) == 0 &&
           sodium_unpad(plain_length, padded, (size_t)written, SEAL_PAD) == 0;
}

static bool length_is_possible(size_t length)
{
    const size_t overhead = SEAL_BODY_OFFSET + SEAL_TAG_SIZE;
    return length >= overhead + SEAL_PAD && length <= overhead + SEAL_PADDED_MAX && (length - overhead) % SEAL_PAD == 0;
}

bool seal_open(struct seal_opener *opener, struct arena *arena, const struct uuid *epoch_id,
               const struct seal_place *place, struct slice sealed, struct slice *plain, struct error *error)
{
    static const char where[] = "seal.open";
    struct seal_associated associated;
    const uint8_t *data_key = seal_cache_find(opener->epochs, epoch_id);
    if (data_key == NULL) {
        return error_set(error, ERROR_UNAVAILABLE, where, "the epoch's key is not at hand");
    }
    if (!length_is_possible(sealed.length) || !seal_format_associate(epoch_id, place, &associated)) {
        return error_set(error, ERROR_CRYPTO, where, "not a sealed field");
    }
    uint8_t *padded = arena_alloc(arena, sealed.length - SEAL_BODY_OFFSET - SEAL_TAG_SIZE);
    if (padded == NULL) {
        return error_set(error, ERROR_NOMEM, where, "no memory for the opened text");
    }
    size_t length = 0;
    if (!decrypt_body(data_key, &associated, sealed, padded, &length)) {
        return error_set(error, ERROR_CRYPTO, where, "%s.%s does not open", place->table, place->column);
    }
    *plain = slice_make(padded, length);
    return true;
}
