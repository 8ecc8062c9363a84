/* SPDX-License-Identifier: Apache-2.0
 * What every role's process does: an event loop, SIGTERM drains, SIGHUP reloads, and a report each second. */
#ifndef MUSTERD_ROLE_LOOP_H
#define MUSTERD_ROLE_LOOP_H

#include <event2/event.h>
#include <openssl/ssl.h>
#include <stdbool.h>

#include "core/arena.h"
#include "core/error.h"
#include "seal/seal.h"
#include "supervisor.h"

struct role_loop;

/* What tells one role's process from another's. */
struct role_kind {
    const char *name;
    /* Makes the role; NULL with `error`. What it keeps of `arena` lives as long as the process. */
    void *(*build)(struct role_loop *loop, struct arena *arena, struct error *error);
    void (*report)(const void *role, struct process_report *report);
    void (*drain)(void *role, void (*on_drained)(void *context), void *context);
    void (*set_tls)(void *role, SSL_CTX *tls); /* SIGHUP: a renewed certificate. NULL: the role has none */
    void (*free)(void *role);
    bool writes_journal;
    bool asks_for_cards; /* smart cards, where they are configured */
};

struct role_loop {
    const struct role_start *start;
    const struct role_kind *kind;
    struct event_base *base;
    void *role;
    struct event *on_term, *on_hup, *on_second, *on_deadline;
    bool draining;
};

/* Builds the role, confines the process, serves until SIGTERM was obeyed; returns the exit status. */
int role_serve(const struct role_start *start, const struct role_kind *kind);

/* The connection string of a PostgreSQL role: the owner's with user and password replaced by those in
 * <secrets>/<database_role>. In `arena`; NULL with `error`. */
const char *role_conninfo(const struct role_start *start, const char *database_role, struct arena *arena,
                          struct error *error);

/* The server's TLS context from the configured files. */
SSL_CTX *role_tls(const struct role_start *start, bool asks_for_cards, struct error *error);

/* The recipients' public keys: every *.public in the keys directory, in name order. */
bool role_recipients(const struct role_start *start, struct seal_recipient recipients[SEAL_RECIPIENTS_MAX],
                     unsigned *count, struct error *error);
/* <keys>/<name> in a buffer of `size`; false when it does not fit. */
bool role_key_path(const struct role_start *start, const char *name, char *path, size_t size);

#endif
