/* SPDX-License-Identifier: Apache-2.0
 * The keyed hashes that gateways sign with, and comparing them. OpenSSL's. */
#ifndef GATEWAY_MAC_H
#define GATEWAY_MAC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"

enum mac_hash { MAC_SHA1, MAC_SHA256, MAC_SHA512 };
enum { MAC_SIZE_MAX = 64, MAC_BASE64_MAX = 89 }; /* a hash's characters, and a NUL */

struct mac {
    uint8_t bytes[MAC_SIZE_MAX];
    size_t length;
};

/* RFC 2104. False when the key is empty or OpenSSL refuses. */
bool mac_make(enum mac_hash hash, struct slice key, struct slice data, struct mac *mac);
/* The hash alone, which proves nothing. */
bool mac_digest(enum mac_hash hash, struct slice data, struct mac *mac);
/* `text` is the value in hexadecimal, of either case. These compare without telling by their time how much was right. */
bool mac_is_hex(const struct mac *mac, struct slice text);
/* `text` is the value in base 64 (RFC 4648 section 4, padded). */
bool mac_is_base64(const struct mac *mac, struct slice text);
/* `text` is the value in base64url (RFC 4648 section 5, not padded, as RFC 7515 has it). */
bool mac_is_base64url(const struct mac *mac, struct slice text);
/* Two secrets are the same, and not empty. */
bool mac_equal(struct slice a, struct slice b);

#endif
