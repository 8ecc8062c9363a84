/* SPDX-License-Identifier: Apache-2.0
 * Errors as values: what kind, where, and a sentence for whoever must act on it. */
#ifndef CORE_ERROR_H
#define CORE_ERROR_H

#include <stdbool.h>

enum error_code {
    ERROR_NONE,
    ERROR_NOMEM,       /* an allocation failed */
    ERROR_IO,          /* a system call failed: detail names it */
    ERROR_INVALID,     /* the input is wrong: detail says which part */
    ERROR_LIMIT,       /* a stated maximum was reached */
    ERROR_UNAVAILABLE, /* something we depend on is away; trying later may help */
    ERROR_CRYPTO,      /* a seal did not open, a key does not fit */
    ERROR_INTERNAL,    /* a programmer's mistake that must not bring the process down */
};

enum { ERROR_DETAIL_MAX = 320 };

struct error {
    enum error_code code;
    const char *where; /* static text: the module and operation, "tls.load_certificate" */
    char detail[ERROR_DETAIL_MAX];
};

/* Fills `error` (NULL is allowed) and returns false, so a failing function can `return error_set(...)`.
 * Never put personal data into the detail: it is logged. */
bool error_set(struct error *error, enum error_code code, const char *where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* As error_set with ERROR_IO and ": <strerror(errno)>" appended to the detail. */
bool error_set_errno(struct error *error, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "nomem", "io", ... for logs. */
const char *error_code_name(enum error_code code);

#endif
