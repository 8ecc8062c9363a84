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
    static const char *const replaced[] = {"user", "password", "passfile", "application_name",
                                           "fallback_application_name"};
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

/* "a,b,c" turned left by 1 is "b,c,a". A single value stands for every host and stays. */
static void add_turned(struct buffer *out, struct slice list, unsigned by)
{
    size_t count = 1;
    struct slice turned = list;
    for (size_t i = 0; i < list.length; i++) {
        count += list.data[i] == ',' ? 1 : 0;
    }
    for (size_t i = 0; i < by % count; i++) {
        size_t comma = slice_index(turned, ',');
        turned = slice_sub(turned, comma + 1, turned.length);
    }
    struct slice head = slice_sub(list, 0, list.length - turned.length);
    buffer_add_slice(out, turned);
    if (head.length > 0) {
        buffer_add_byte(out, ',');
        buffer_add_slice(out, slice_sub(head, 0, head.length - 1)); /* without its comma */
    }
}

bool pg_conninfo_rotated(const char *base, unsigned by, struct buffer *out)
{
    static const char *const lists[] = {"host", "hostaddr", "port"};
    struct buffer value;
    PQconninfoOption *options = PQconninfoParse(base, NULL);
    if (options == NULL) {
        return false;
    }
    buffer_init(&value, out->maximum);
    for (const PQconninfoOption *option = options; option->keyword != NULL; option++) {
        bool is_list = false;
        for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
            is_list = is_list || strcmp(option->keyword, lists[i]) == 0;
        }
        if (option->val == NULL) {
            continue;
        }
        buffer_clear(&value);
        add_turned(&value, slice_of(option->val), is_list ? by : 0);
        buffer_add_byte(&value, '\0');
        if (value.failed) {
            out->failed = true;
            break;
        }
        add_pair(out, option->keyword, value.data);
    }
    buffer_release(&value);
    PQconninfoFree(options);
    buffer_add_byte(out, '\0');
    return !out->failed;
}

unsigned pg_conninfo_seconds(const char *base, const char *keyword, unsigned otherwise)
{
    uint64_t seconds = 0;
    PQconninfoOption *options = PQconninfoParse(base, NULL);
    for (const PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++) {
        if (strcmp(option->keyword, keyword) == 0 && !slice_to_u64(slice_of(option->val), 600, &seconds)) {
            seconds = 0;
        }
    }
    PQconninfoFree(options);
    return seconds > 0 ? (unsigned)seconds : otherwise;
}
