/* SPDX-License-Identifier: Apache-2.0
 * The server that a drill is played against: its address, and the TLS that must prove it. */
#ifndef DRILL_TARGET_H
#define DRILL_TARGET_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/slice.h"

enum { TARGET_HOST_MAX = 256 };

struct target {
    char host[TARGET_HOST_MAX];           /* without brackets: the name that the certificate must have */
    char authority[TARGET_HOST_MAX + 16]; /* for the Host field */
    bool is_address;
    struct sockaddr_storage address;
    socklen_t length;
    SSL_CTX *tls;
};

/* `url`: "https://name[:port]", nothing behind; resolved once. `ca_file`: PEM certificates to trust, NULL: the system's. */
bool target_init(struct target *target, const char *url, const char *ca_file, struct error *error);
void target_release(struct target *target);
/* A socket and a TLS client on it that will verify the server; false and *fd -1 on failure. Blocking or not as asked. */
bool target_open(const struct target *target, bool blocking, int *fd, SSL **tls);

/* One GET, waited for at most 30 seconds, on a connection of its own; the body is the arena's. False when there was no answer. */
bool target_get(const struct target *target, struct arena *arena, const char *path, const char *token, unsigned *status,
                struct slice *body, struct error *error);

#endif
