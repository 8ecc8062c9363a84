/* SPDX-License-Identifier: Apache-2.0
 * One connection string made from another: the owner's with a role's user and password. */
#ifndef PG_CONNINFO_H
#define PG_CONNINFO_H

#include <stdbool.h>

#include "core/buffer.h"
#include "core/error.h"

/* Reads a libpq URL or keyword string and writes keyword = 'value' pairs with user, password and application_name replaced; every other
 * setting (several hosts, sslmode, target_session_attrs) is kept. No part of it reaches the error. */
bool pg_conninfo_with(const char *base, const char *user, const char *password, const char *application_name,
                      struct buffer *out, struct error *error);

/* The same, with each list of hosts (host, hostaddr, port) turned left by `by`: what libpq tries first. False when it cannot be read or
 * does not fit. `out` ends with a NUL. */
bool pg_conninfo_rotated(const char *base, unsigned by, struct buffer *out);
/* A setting in whole seconds (1 to 600), or `otherwise` when it is not there or no such number. */
unsigned pg_conninfo_seconds(const char *base, const char *keyword, unsigned otherwise);

#endif
