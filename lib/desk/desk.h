/* SPDX-License-Identifier: Apache-2.0
 * The desk: the process that faces consular staff. It holds the key that opens what people said. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include <event2/event.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/scoreboard.h"
#include "seal/seal.h"

struct desk;

struct desk_config {
    struct event_base *base;
    const char *listen; /* staff, TLS */
    SSL_CTX *tls;
    const char *conninfo; /* as muster_desk */
    unsigned connections;
    uint8_t secret_key[SEAL_KEY_SIZE];       /* the desk's; copied, the caller wipes its own */
    uint8_t index_key[SEAL_KEY_SIZE];        /* the same */
    const struct seal_recipient *recipients; /* who can open the notes written here */
    unsigned recipient_count;
    bool asks_for_cards; /* its TLS context does: the sign-in page offers it */
    struct clock clock;
    const char *tiles_url, *tiles_attribution; /* of the map; empty: none. Outlive the desk */
};

/* Listens and starts connecting to PostgreSQL; answers 503 until it is there. */
struct desk *desk_new(const struct desk_config *config, struct error *error);
void desk_set_tls(struct desk *desk, SSL_CTX *tls);
/* Finishes what was accepted, then calls `on_drained` once. */
void desk_drain(struct desk *desk, void (*on_drained)(void *context), void *context);
void desk_free(struct desk *desk);
unsigned desk_port(const struct desk *desk);
/* Ready: PostgreSQL answers. Figures and readiness go into the report. */
void desk_report(const struct desk *desk, struct process_report *report);

#endif
