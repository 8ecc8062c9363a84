/* SPDX-License-Identifier: Apache-2.0
 * The edge: the process that faces the Internet and the gateways. It adds to the register and can list nothing of it. */
#ifndef EDGE_EDGE_H
#define EDGE_EDGE_H

#include <event2/event.h>
#include <openssl/ssl.h>
#include <stdbool.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/scoreboard.h"
#include "seal/seal.h"

struct edge;

struct edge_config {
    struct event_base *base;
    const char *listen;     /* citizens and gateways, TLS */
    const char *public_url; /* as told to gateways and in canonical links */
    SSL_CTX *tls;
    const char *conninfo; /* as muster_edge */
    unsigned connections;
    const char *journal_directory;
    const char *journal_name; /* "edge-0" */
    uint8_t index_key[SEAL_KEY_SIZE];
    const struct seal_recipient *recipients;
    unsigned recipient_count;
    struct clock clock;
};

/* Listens and starts connecting to PostgreSQL; serves from the journal until it is there. */
struct edge *edge_new(const struct edge_config *config, struct error *error);
void edge_set_tls(struct edge *edge, SSL_CTX *tls);
/* Finishes what was accepted, then calls `on_drained` once. */
void edge_drain(struct edge *edge, void (*on_drained)(void *context), void *context);
void edge_free(struct edge *edge);
unsigned edge_port(const struct edge *edge);
/* Ready: an answer can be made durable, in PostgreSQL or in the journal. Figures and readiness go into the report. */
void edge_report(const struct edge *edge, struct process_report *report);

#endif
