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

#endif
