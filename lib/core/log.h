/* SPDX-License-Identifier: Apache-2.0
 * One JSON object a line on standard error. Never personal data: fields are ids, counts, codes and our own words. */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/slice.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

enum log_kind { LOG_KIND_TEXT, LOG_KIND_INTEGER };

struct log_field {
    const char *name;
    enum log_kind kind;
    struct slice text;
    int64_t integer;
};

static inline struct log_field log_text(const char *name, const char *value)
{
    return (struct log_field){name, LOG_KIND_TEXT, slice_of(value), 0};
}

static inline struct log_field log_slice(const char *name, struct slice value)
{
    return (struct log_field){name, LOG_KIND_TEXT, value, 0};
}

static inline struct log_field log_integer(const char *name, int64_t value)
{
    return (struct log_field){name, LOG_KIND_INTEGER, {NULL, 0}, value};
}

/* Said in each line; `role` is static text ("edge"), `instance` numbers the processes of a role. */
void log_identify(const char *role, unsigned instance);
/* Lines below `level` are dropped. Default LOG_INFO. */
void log_set_level(enum log_level level);

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t count);

/* log_event(LOG_INFO, "listener.open", log_text("address", a), log_integer("port", p)); */
#define log_event(level, event, ...)                                                                                   \
    log_write((level), (event), (const struct log_field[]){__VA_ARGS__},                                               \
              sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

/* A line with no fields of its own. */
#define log_note(level, event) log_write((level), (event), NULL, 0)

/* An error value, with its code, where and detail. */
void log_error(const char *event, const struct error *error);

#endif
