/* SPDX-License-Identifier: Apache-2.0
 * PQconninfoParse and back. Source: PostgreSQL 15, section 34.1.1. */
#include "pg/conninfo.h"

#include <libpq-fe.h>
#include <string.h>

static void add_pair(struct buffer *out, const char *keyword, const char *value)
{
    buffer_printf(out, "%s='", keyword);
    for (const char *c = value; *c != '\0'; c++) {
        if (*c == '\'' || *c == '\\') {
            buffer_add_byte(out, '\\');
        }
        buffer_add(out, c, 1);
    }
    buffer_add_text(out, "' ");
}

bool pg_conninfo_with(const char *base, const char *user, const char *password, const char *application_name,
                      struct buffer *out, struct error *error)
{
    static const char *const replaced[] = {"user", "password", "passfile", "application_name", "fallback_application_name"};
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(base, &message);
    PQfreemem(message); /* it quotes what was given, which may hold a password */
    if (options == NULL) {
        return error_set(error, ERROR_INVALID, "pg.conninfo", "the database URL cannot be read");
    }
    for (const PQconninfoOption *option = options; option->keyword != NULL; option++) {
        bool ours = false;
        for (size_t i = 0; i < sizeof(replaced) / sizeof(replaced[0]); i++) {
            ours = ours || strcmp(option->keyword, replaced[i]) == 0;
        }
        if (!ours && option->val != NULL) {
            add_pair(out, option->keyword, option->val);
        }
    }
    PQconninfoFree(options);
    add_pair(out, "user", user);
    add_pair(out, "password", password);
    add_pair(out, "application_name", application_name);
    return !out->failed || error_set(error, ERROR_NOMEM, "pg.conninfo", "out of memory");
}
