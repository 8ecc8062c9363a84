/* SPDX-License-Identifier: Apache-2.0
 * Filling in an error value. */
#include "core/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *error, enum error_code code, const char *where, const char *format, ...)
{
    va_list arguments;
    if (error == NULL) {
        return false;
    }
    error->code = code;
    error->where = where;
    va_start(arguments, format);
    (void)vsnprintf(error->detail, sizeof(error->detail), format, arguments); /* a cut detail is still a detail */
    va_end(arguments);
    return false;
}

bool error_set_errno(struct error *error, const char *where, const char *format, ...)
{
    int saved = errno;
    va_list arguments;
    if (error == NULL) {
        return false;
    }
    error->code = ERROR_IO;
    error->where = where;
    va_start(arguments, format);
    (void)vsnprintf(error->detail, sizeof(error->detail), format, arguments);
    va_end(arguments);
    size_t used = strlen(error->detail);
    (void)snprintf(error->detail + used, sizeof(error->detail) - used, ": %s", strerror(saved));
    errno = saved;
    return false;
}

const char *error_code_name(enum error_code code)
{
    static const char *const names[] = {
        [ERROR_NONE] = "none",       [ERROR_NOMEM] = "nomem",       [ERROR_IO] = "io",
        [ERROR_INVALID] = "invalid", [ERROR_LIMIT] = "limit",       [ERROR_UNAVAILABLE] = "unavailable",
        [ERROR_CRYPTO] = "crypto",   [ERROR_INTERNAL] = "internal",
    };
    return (size_t)code < sizeof(names) / sizeof(names[0]) ? names[code] : "unknown";
}
