/* SPDX-License-Identifier: Apache-2.0
 * Gathers field errors in the order they are found. */
#include "domain/field_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const codes[FIELD_FAULT_COUNT] = {
    [FIELD_MISSING] = "missing",
    [FIELD_UNKNOWN] = "unknown",
    [FIELD_WRONG_TYPE] = "wrong_type",
    [FIELD_NOT_TEXT] = "not_text",
    [FIELD_TOO_LONG] = "too_long",
    [FIELD_TOO_MANY] = "too_many",
    [FIELD_NOT_A_UUID] = "not_a_uuid",
    [FIELD_NOT_A_DATE] = "not_a_date",
    [FIELD_DATE_IN_FUTURE] = "date_in_future",
    [FIELD_DATE_TOO_OLD] = "date_too_old",
    [FIELD_NOT_A_TIME] = "not_a_time",
    [FIELD_NOT_A_COUNTRY] = "not_a_country",
    [FIELD_NOT_A_LANGUAGE] = "not_a_language",
    [FIELD_NOT_A_VALUE] = "not_a_value",
    [FIELD_NOT_A_PHONE] = "not_a_phone",
    [FIELD_NOT_AN_EMAIL] = "not_an_email",
    [FIELD_NOT_A_NUMBER] = "not_a_number",
    [FIELD_OUT_OF_RANGE] = "out_of_range",
    [FIELD_NOT_A_CASE] = "not_a_case",
    [FIELD_CASE_MISTYPED] = "case_mistyped",
    [FIELD_NOT_A_CRISIS] = "not_a_crisis",
    [FIELD_EITHER_OR] = "either_or",
    [FIELD_REPEATED] = "repeated",
    [FIELD_CRY_FOR_HELP] = "cry_for_help",
    [FIELD_ZONE_NOT_CLOSED] = "zone_not_closed",
    [FIELD_ZONE_CROSSES_ITSELF] = "zone_crosses_itself",
    [FIELD_ZONE_DATE_LINE] = "zone_date_line",
    [FIELD_ZONE_TOO_LARGE] = "zone_too_large",
};

static void add(struct field_errors *errors, enum field_fault fault, long limit, const char *path_format,
                va_list arguments) __attribute__((format(printf, 4, 0)));

static void add(struct field_errors *errors, enum field_fault fault, long limit, const char *path_format,
                va_list arguments)
{
    if (errors->count == FIELD_ERRORS_MAX) {
        errors->dropped++;
        return;
    }
    struct field_error *error = &errors->items[errors->count++];
    error->fault = fault;
    error->limit = limit;
    if (vsnprintf(error->path, sizeof(error->path), path_format, arguments) < 0) {
        error->path[0] = '\0';
    }
}

void field_error_add(struct field_errors *errors, enum field_fault fault, const char *path_format, ...)
{
    va_list arguments;
    va_start(arguments, path_format);
    add(errors, fault, 0, path_format, arguments);
    va_end(arguments);
}

void field_error_add_limit(struct field_errors *errors, enum field_fault fault, long limit, const char *path_format,
                           ...)
{
    va_list arguments;
    va_start(arguments, path_format);
    add(errors, fault, limit, path_format, arguments);
    va_end(arguments);
}

const char *field_fault_code(enum field_fault fault)
{
    return (unsigned)fault < FIELD_FAULT_COUNT ? codes[fault] : "unknown";
}

const struct field_error *field_error_find(const struct field_errors *errors, const char *path)
{
    for (size_t i = 0; i < errors->count; i++) {
        if (strcmp(errors->items[i].path, path) == 0) {
            return &errors->items[i];
        }
    }
    return NULL;
}
