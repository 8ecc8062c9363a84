/* SPDX-License-Identifier: Apache-2.0
 * Session ticket keys that all edges of a host derive alike from one secret and the hour, so a client may resume at any
 * of them and no key lives longer than two hours. Source: RFC 5077 section 4, RFC 5869. */
#ifndef NET_TICKET_H
#define NET_TICKET_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"
#include "net/tls.h"

enum { TICKET_NAME_SIZE = 16, TICKET_CIPHER_KEY_SIZE = 32, TICKET_MAC_KEY_SIZE = 32 };

struct ticket_keys {
    uint8_t name[TICKET_NAME_SIZE]; /* stands in the ticket, tells which hour it is from */
    uint8_t cipher[TICKET_CIPHER_KEY_SIZE];
    uint8_t mac[TICKET_MAC_KEY_SIZE];
};

struct ticket_ring {
    uint8_t secret[TLS_TICKET_SECRET_SIZE];
    struct clock clock;
    int64_t hour;                /* of `current`; -1 before the first use */
    struct ticket_keys current;  /* encrypts and decrypts */
    struct ticket_keys previous; /* only decrypts: a ticket is good for one to two hours */
};

void ticket_ring_init(struct ticket_ring *ring, const uint8_t secret[TLS_TICKET_SECRET_SIZE], struct clock clock);
/* Wipes the keys. */
void ticket_ring_release(struct ticket_ring *ring);
/* Brings the keys to the clock's hour. False when the derivation fails. */
bool ticket_ring_turn(struct ticket_ring *ring);
/* Tickets of `context` are sealed with the ring's keys. Takes the ring over, on success only: it is wiped and freed with the
 * context. */
bool ticket_ring_attach(struct ticket_ring *ring, SSL_CTX *context);

#endif
