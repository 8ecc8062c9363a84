/* SPDX-License-Identifier: Apache-2.0
 * A self-signed certificate to begin with, until the ministry's own is put in its place. */
#ifndef MUSTER_CERTIFICATE_H
#define MUSTER_CERTIFICATE_H

#include <stdbool.h>

#include "core/error.h"

/* ECDSA P-256, a year, for localhost and the hosts of the two listen addresses. Writes both PEM files (the key 0600). */
bool certificate_create(const char *certificate_path, const char *key_path, const char *listen_a, const char *listen_b,
                        struct error *error);

#endif
