/* SPDX-License-Identifier: Apache-2.0
 * The checks that records share: each adds its fault under the path it is given, or nothing. */
#ifndef DOMAIN_FIELD_CHECK_H
#define DOMAIN_FIELD_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"
#include "domain/field_error.h"

enum { EMAIL_MAX = 254 }; /* RFC 5321 section 4.5.3.1.3, less the angle brackets */

/* No character that shows: empty, or only blanks of any script and marks without width. */
bool field_check_is_blank(struct slice text);
/* A value, text without control characters, of at most `limit` characters. True when nothing was wrong. */
bool field_check_text(struct slice text, size_t limit, const char *path, struct field_errors *errors);
/* The same of one line: a name with a line break in it would run over into the next field of a list or a message. */
bool field_check_line(struct slice text, size_t limit, const char *path, struct field_errors *errors);
/* Adds FIELD_MISSING unless something is already said about `path`: a reader of JSON or forms knows better why. */
void field_check_missing(const char *path, struct field_errors *errors);
/* Plausible, not proven: something, one "@", a domain with a dot, no blanks. */
bool field_check_email(struct slice text, const char *path, struct field_errors *errors);
/* ISO 3166-1 alpha-2 in capitals. */
bool field_check_country(struct slice text, const char *path, struct field_errors *errors);
/* The simple form of BCP 47: a language of two or three letters, then at most three subtags ("en", "dje", "pt-BR"). */
bool field_check_language(struct slice text, const char *path, struct field_errors *errors);

#endif
