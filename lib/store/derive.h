/* SPDX-License-Identifier: Apache-2.0
 * What is derived from a client_id with the index key instead of being stored: the same submission gets the same case code and secret
 * again, from any edge, with PostgreSQL away, however often it is sent. */
#ifndef STORE_DERIVE_H
#define STORE_DERIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "core/tree.h"
#include "seal/blind.h"

enum {
    SECRET_SYMBOLS = 16, /* Crockford base 32: 80 bits, typed from paper; guessing is online only */
    SECRET_TEXT_SIZE = SECRET_SYMBOLS + 3,
};

/* The number behind the case code: `attempt` 0 first, the next when that number is taken. */
int64_t derive_registration_id(const struct blind_keys *keys, const struct uuid *client_id, unsigned attempt);
/* The number under which messages from a phone nobody registered are kept. */
int64_t derive_stranger_id(const struct blind_keys *keys, struct slice e164);
/* "K7M2-9QXD-..." ; NUL-terminated. */
struct slice derive_secret(const struct blind_keys *keys, const struct uuid *client_id,
                           char text[SECRET_TEXT_SIZE + 1]);
/* What the database keeps of a secret; reads it without regard to case, hyphens, spaces, O and 0, I and L and 1. False when it
 * has not the shape of one. */
bool derive_secret_mac(const struct blind_keys *keys, struct slice secret, uint8_t mac[BLIND_SIZE]);
/* Same content, same value, in whatever order its members came and however they were written. False when memory is out, or the
 * content is over 1 MiB or has an object of more than 32 members: none that was validated is or has. */
bool derive_content_mac(const struct blind_keys *keys, const struct tree *content, uint8_t mac[BLIND_SIZE]);
void derive_phone_index(const struct blind_keys *keys, struct slice e164, uint8_t index[BLIND_SIZE]);
/* Country and number without case, spaces and punctuation. */
void derive_document_index(const struct blind_keys *keys, struct slice country, struct slice number,
                           uint8_t index[BLIND_SIZE]);
/* The client_id of a gateway's message: the same id, sender and text give the same; two texts that share an id do not. An
 * id that is an exercise's gives an id of the same drill; no other does. False when memory is out or the message is over 64 KiB. */
bool derive_message_id(const struct blind_keys *keys, struct slice gateway, struct slice id, struct slice sender,
                       struct slice text, struct uuid *message_id);
/* What the pieces of one long text have in common, and no others but by chance: gateway, sender, recipient, reference, total, and the drill of
 * `message`, the piece's client_id. False when memory is out. */
bool derive_piece_set(const struct blind_keys *keys, const struct slice names[4], unsigned total,
                      const struct uuid *message, uint8_t set[BLIND_SIZE]);
/* The client_id of what is joined of pieces: the set, the first piece's time and the text give the same, whoever joins and how often. An exercise's
 * when `piece`, the client_id of one, is. False when memory is out. */
bool derive_joined_id(const struct blind_keys *keys, const uint8_t set[BLIND_SIZE], int64_t first_us, struct slice text,
                      const struct uuid *piece, struct uuid *joined_id);
/* Compares without telling by its time how much was right. */
bool derive_equal(const uint8_t a[BLIND_SIZE], const uint8_t b[BLIND_SIZE]);

#endif
