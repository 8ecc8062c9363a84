/* SPDX-License-Identifier: Apache-2.0
 * The blind index, and other values derived from the index key: the same input gives the same bytes, and without the key they
 * tell nothing. BLAKE2b keyed with a subkey for each purpose (libsodium crypto_kdf). */
#ifndef SEAL_BLIND_H
#define SEAL_BLIND_H

#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "seal/seal.h"

enum blind_purpose {
    BLIND_PHONE = 1,           /* E.164 */
    BLIND_DOCUMENT,            /* country and number, normalised */
    BLIND_NAME,                /* one normalised name token */
    BLIND_REGISTRATION_ID,     /* client_id and attempt -> registration id */
    BLIND_REGISTRATION_SECRET, /* client_id -> the citizen's secret */
    BLIND_SECRET_CHECK,        /* the secret -> what the database keeps of it */
    BLIND_CONTENT,             /* canonical content of a submission: same content, same value */
    BLIND_GATEWAY_MESSAGE,     /* gateway, sender, id and text -> client_id of an SMS */
    BLIND_SESSION,             /* a staff session or API token -> what the database keeps of it */
    BLIND_GATEWAY_KEY,         /* the key under which gateways' signing keys are locked (seal/locked.h) */
    BLIND_RECEIPT,             /* gateway and our reference -> what the address of its receipts ends in */
    BLIND_PIECES, /* what a long text's pieces have in common -> their set; and set and text -> client_id of the whole */
    BLIND_RECOVERY, /* an account and a recovery code of its second factor -> what the database keeps of it */
    BLIND_SEARCH,   /* what an officer searched for -> what the audit keeps of it */
    BLIND_PURPOSE_COUNT,
};

enum { BLIND_SIZE = 32 };

struct blind_keys {
    uint8_t subkey[BLIND_PURPOSE_COUNT][SEAL_KEY_SIZE];
};

void blind_keys_derive(const uint8_t index_key[SEAL_KEY_SIZE], struct blind_keys *keys);
void blind(const struct blind_keys *keys, enum blind_purpose purpose, struct slice input, uint8_t value[BLIND_SIZE]);

#endif
