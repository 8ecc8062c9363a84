/* SPDX-License-Identifier: Apache-2.0
 * libsodium's AEAD, as sealed fields have it. */
#include "seal/locked.h"

#include <sodium.h>
#include <stdint.h>

enum {
    LOCKED_VERSION = 1,
    NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_SIZE = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    LOCKED_OVERHEAD = 1 + NONCE_SIZE + TAG_SIZE,
};

static const unsigned char *octets(struct slice s)
{
    return (const unsigned char *)s.data;
}

struct slice locked_make(const struct blind_keys *keys, struct slice owner, struct slice plain, struct arena *arena)
{
    unsigned char *out = plain.length <= LOCKED_PLAIN_MAX ? arena_alloc(arena, plain.length + LOCKED_OVERHEAD) : NULL;
    if (out == NULL) {
        return (struct slice){NULL, 0};
    }
    out[0] = LOCKED_VERSION;
    randombytes_buf(out + 1, NONCE_SIZE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + 1 + NONCE_SIZE, NULL, octets(plain), plain.length,
                                                     octets(owner), owner.length, NULL, out + 1,
                                                     keys->subkey[BLIND_GATEWAY_KEY]); /* always 0 */
    return slice_make(out, plain.length + LOCKED_OVERHEAD);
}

bool locked_open(const struct blind_keys *keys, struct slice owner, struct slice locked, struct arena *arena,
                 struct slice *plain)
{
    const unsigned char *in = octets(locked);
    if (locked.length < LOCKED_OVERHEAD || locked.length > LOCKED_PLAIN_MAX + LOCKED_OVERHEAD ||
        in[0] != LOCKED_VERSION) {
        return false;
    }
    size_t length = locked.length - LOCKED_OVERHEAD;
    unsigned char *out = arena_alloc(arena, length + 1);
    if (out == NULL || crypto_aead_xchacha20poly1305_ietf_decrypt(
                           out, NULL, NULL, in + 1 + NONCE_SIZE, locked.length - 1 - NONCE_SIZE, octets(owner),
                           owner.length, in + 1, keys->subkey[BLIND_GATEWAY_KEY]) != 0) {
        return false;
    }
    *plain = slice_make(out, length);
    return true;
}

void locked_wipe(struct slice plain)
{
    if (plain.length > 0) {
        sodium_memzero((void *)(uintptr_t)plain.data, plain.length); /* the arena's, lent as const */
    }
}
