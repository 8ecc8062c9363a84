/* SPDX-License-Identifier: Apache-2.0
 * What the operator decides: an INI file, each key overridable by an environment variable, with defaults that serve. */
#ifndef CORE_CONFIGURATION_H
#define CORE_CONFIGURATION_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/error.h"

struct configuration {
    struct arena arena; /* owns the strings */
    /* [musterd] */
    const char *state_dir; /* keys, certificates, secrets, journal; default "var" */
    const char *log_level; /* debug, info, warning, error */
    const char *user;      /* the roles run as this user when started as root; default "muster" */
    /* [public] */
    const char *public_listen;
    const char *public_url; /* as citizens and gateways reach it; default https:// and public_listen */
    /* [desk] */
    const char *desk_listen;
    const char *client_ca_file;  /* PEM: whose smart cards staff may sign in with; empty: none are asked for */
    const char *client_crl_file; /* PEM: which of them are revoked; empty: nobody looks */
    long desk_workers;
    long desk_connections;      /* to PostgreSQL; 0: database_connections */
    const char *desk_tiles_url; /* "": none but the base map of our own */
    const char *desk_tiles_attribution;
    /* [ops] */
    const char *ops_listen;
    /* [database] */
    const char *database_url;  /* the owner's; each role's is made from it */
    long database_connections; /* of each process; few, so that a busy edge batches more */
    /* [edge] */
    long edge_workers; /* 0: one a core */
    /* [tls], [journal], [keys] default to places under state_dir */
    const char *tls_certificate;
    const char *tls_private_key;
    const char *journal_directory;
    const char *keys_directory;
    const char *secrets_directory;
};

/* Reads `path` (NULL: no file) and the environment. False with the file, line and key at fault: an unknown section or key, a
 * number out of range. */
bool configuration_load(struct configuration *configuration, const char *path, struct error *error);
void configuration_release(struct configuration *configuration);

#endif
