/* SPDX-License-Identifier: Apache-2.0
 * The bytes of a sealed field, agreed between the side that seals and the side that opens; inside lib/seal only. */
#ifndef SEAL_SEAL_FORMAT_H
#define SEAL_SEAL_FORMAT_H

#include <sodium.h>

#include "seal/seal.h"

enum {
    SEAL_VERSION = 1,
    SEAL_NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    SEAL_TAG_SIZE = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    SEAL_BODY_OFFSET = 1 + SEAL_NONCE_SIZE, /* version, nonce, then the encrypted text and its tag */
    SEAL_PADDED_MAX = (SEAL_PLAIN_MAX / SEAL_PAD + 1) * SEAL_PAD,
    SEAL_NAME_MAX = 63, /* of a table or column: PostgreSQL's NAMEDATALEN less its NUL */
    SEAL_ROW_ID_MAX = 64,
    SEAL_ASSOCIATED_MAX = UUID_SIZE + 2 * (SEAL_NAME_MAX + 1) + SEAL_ROW_ID_MAX,
};

_Static_assert(SEAL_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the data key fits the cipher");
_Static_assert(SEAL_KEY_SIZE == crypto_box_PUBLICKEYBYTES && SEAL_KEY_SIZE == crypto_box_SECRETKEYBYTES, "X25519");
_Static_assert(SEAL_WRAP_SIZE == crypto_box_SEALBYTES + UUID_SIZE + SEAL_KEY_SIZE,
               "a wrap holds epoch id and data key");

struct seal_associated {
    uint8_t bytes[SEAL_ASSOCIATED_MAX];
    size_t length;
};

/* epoch id || table || 0 || column || 0 || row id: no two places give the same bytes, as names hold no NUL. False when a name or
 * the row id is longer than its maximum. */
bool seal_format_associate(const struct uuid *epoch_id, const struct seal_place *place,
                           struct seal_associated *associated);

#endif
