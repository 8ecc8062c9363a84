/* SPDX-License-Identifier: Apache-2.0
 * Keyed BLAKE2b, with a subkey for each purpose so that values of one tell nothing of another's. */
#include "seal/blind.h"

#include <assert.h>
#include <sodium.h>

_Static_assert(SEAL_KEY_SIZE == crypto_kdf_KEYBYTES, "the index key fits crypto_kdf");
_Static_assert(BLIND_SIZE <= crypto_generichash_BYTES_MAX && SEAL_KEY_SIZE <= crypto_generichash_KEYBYTES_MAX,
               "BLAKE2b");

void blind_keys_derive(const uint8_t index_key[SEAL_KEY_SIZE], struct blind_keys *keys)
{
    static const char context[] = "musterBI"; /* part of the stored format: another one finds nothing stored before */
    _Static_assert(sizeof(context) - 1 == crypto_kdf_CONTEXTBYTES, "crypto_kdf wants exactly that");
    sodium_memzero(keys, sizeof(*keys));
    for (unsigned purpose = 1; purpose < BLIND_PURPOSE_COUNT; purpose++) {
        int failed = crypto_kdf_derive_from_key(keys->subkey[purpose], SEAL_KEY_SIZE, purpose, context, index_key);
        assert(failed == 0); /* only a length out of range fails */
        (void)failed;
    }
}

void blind(const struct blind_keys *keys, enum blind_purpose purpose, struct slice input, uint8_t value[BLIND_SIZE])
{
    assert((unsigned)purpose > 0 && purpose < BLIND_PURPOSE_COUNT);
    int failed = crypto_generichash(value, BLIND_SIZE, (const uint8_t *)input.data, input.length, keys->subkey[purpose],
                                    SEAL_KEY_SIZE);
    assert(failed == 0); /* only a length out of range fails */
    (void)failed;
}
