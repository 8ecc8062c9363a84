/* SPDX-License-Identifier: Apache-2.0
 * Key files: recipients' X25519 pairs, and the index key; text files a person can tell apart.
 *   "muster-public-key 1 <64 hex>\n"   "muster-secret-key 1 <64 hex>\n"   "muster-index-key 1 <64 hex>\n" */
#ifndef SEAL_KEYS_H
#define SEAL_KEYS_H

#include "seal/seal.h"

/* Makes a pair and writes <prefix>.public (0644) and <prefix>.secret (0600); refuses to overwrite either. Fsynced. */
bool seal_key_pair_create(const char *prefix, struct seal_recipient *recipient, struct error *error);
/* Makes an index key file (0600); refuses to overwrite. */
bool seal_index_key_create(const char *path, struct error *error);
bool seal_public_key_load(const char *path, struct seal_recipient *recipient, struct error *error);
/* These two refuse a file that its group or others may read. The caller wipes the key (sodium_memzero). */
bool seal_secret_key_load(const char *path, uint8_t secret_key[SEAL_KEY_SIZE], struct error *error);
bool seal_index_key_load(const char *path, uint8_t index_key[SEAL_KEY_SIZE], struct error *error);

#endif
