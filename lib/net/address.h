/* SPDX-License-Identifier: Apache-2.0
 * Socket addresses as text, and as what a cap by address counts. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/error.h"

struct address {
    struct sockaddr_storage storage;
    socklen_t length;
};

/* "127.0.0.1:8443", "[::1]:8443", ":8443" (every address); numbers only, so starting never waits for a resolver. */
bool address_parse(const char *text, struct address *address, struct error *error);
/* Host byte order; 0 for neither IPv4 nor IPv6. */
unsigned address_port(const struct sockaddr_storage *storage);

enum { ADDRESS_KEY_SIZE = 16 };

/* Who shares one allowance: an IPv4 address, or an IPv6 /64, which is what one household or one attacker has
 * (RFC 6177 section 2). IPv4 in IPv6 counts as IPv4. */
struct address_key {
    uint8_t bytes[ADDRESS_KEY_SIZE];
};
struct address_key address_key_of(const struct sockaddr_storage *storage);

#endif
