/* SPDX-License-Identifier: Apache-2.0
 * Sealing: what identifies a person is encrypted under a short-lived epoch key that only recipients can unwrap.
 *
 * Epoch: a random 16-byte id and a random 32-byte data key, kept in memory for minutes. Wrap: libsodium's sealed box
 * (crypto_box_seal: an ephemeral X25519 key, XSalsa20-Poly1305) of (epoch id || data key) to each recipient.
 * Field: version byte 1 || 24-byte nonce || XChaCha20-Poly1305-IETF(data key, pad(plain)), with
 * epoch id || table || 0 || column || 0 || row id as associated data. Padded (ISO/IEC 7816-4) to a multiple of SEAL_PAD. */
#ifndef SEAL_SEAL_H
#define SEAL_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/id.h"
#include "core/slice.h"

enum {
    SEAL_KEY_SIZE = 32,
    SEAL_RECIPIENT_ID_SIZE = 16, /* hexadecimal: the first 8 bytes of BLAKE2b-256(public key) */
    SEAL_RECIPIENTS_MAX = 8,
    SEAL_WRAP_SIZE = 48 + 16 + 32, /* crypto_box_SEALBYTES + epoch id + data key */
    SEAL_PAD = 64,
    SEAL_PLAIN_MAX = 64 * 1024,
    SEAL_OPENER_EPOCHS_MAX = 4096,
};

/* Must be called once in each process before anything else here. */
bool seal_start(struct error *error);

struct seal_recipient {
    char id[SEAL_RECIPIENT_ID_SIZE + 1];
    uint8_t public_key[SEAL_KEY_SIZE];
};

/* Sets `id` from `public_key`. */
void seal_recipient_identify(struct seal_recipient *recipient);

/* Where a sealed field lives: bound into the seal, so a row cannot be moved under another name. */
struct seal_place {
    const char *table;  /* at most 63 bytes, as PostgreSQL's names */
    const char *column; /* the same */
    /* At most 64 bytes: a UUID's 16, or a registration id's 8 in network order and an ordinal's 4. */
    struct slice row_id;
};

struct seal_epoch;
/* A new epoch for 1 to SEAL_RECIPIENTS_MAX recipients; NULL when memory is out or a key is unusable. Wraps are made at once.
 * It belongs to the process that made it: used on both sides of a fork, it would repeat nonces. */
struct seal_epoch *seal_epoch_new(const struct seal_recipient *recipients, unsigned count);
/* Wipes the data key. */
void seal_epoch_free(struct seal_epoch *epoch);
const struct uuid *seal_epoch_id(const struct seal_epoch *epoch);
unsigned seal_epoch_wrap_count(const struct seal_epoch *epoch);
/* SEAL_WRAP_SIZE bytes for recipient `index`, whose id is returned through *recipient_id. */
struct slice seal_epoch_wrap(const struct seal_epoch *epoch, unsigned index, const char **recipient_id);

/* Seals into the arena; data NULL when memory is out or the plain text or a name of the place is too long. An empty plain text
 * gives a sealed one too. */
struct slice seal_field(struct seal_epoch *epoch, struct arena *arena, const struct seal_place *place,
                        struct slice plain);

/* Holds a recipient's secret key and the epochs it has unwrapped (a bounded cache, least recently used leaves).
 * `epochs_max` from 1 to SEAL_OPENER_EPOCHS_MAX. The caller wipes its own copy of the secret key. NULL when memory is out. */
struct seal_opener;
struct seal_opener *seal_opener_new(const uint8_t secret_key[SEAL_KEY_SIZE], unsigned epochs_max);
void seal_opener_free(struct seal_opener *opener); /* wipes */
const char *seal_opener_recipient_id(const struct seal_opener *opener);
bool seal_opener_knows(const struct seal_opener *opener, const struct uuid *epoch_id);
/* False (ERROR_CRYPTO) when the wrap is not for this key, names another epoch, or has another data key than the one known. */
bool seal_opener_add(struct seal_opener *opener, const struct uuid *epoch_id, struct slice wrap, struct error *error);
/* Opens into the arena. ERROR_UNAVAILABLE: the epoch was not added; ERROR_CRYPTO: it does not open. */
bool seal_open(struct seal_opener *opener, struct arena *arena, const struct uuid *epoch_id,
               const struct seal_place *place, struct slice sealed, struct slice *plain, struct error *error);

#endif
