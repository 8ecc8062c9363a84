/* SPDX-License-Identifier: Apache-2.0
 * Text, e-mail, country and language checks. */
#include "domain/field_check.h"

#include "core/utf8.h"
#include "domain/country.h"

static bool is_blank_code_point(uint32_t c)
{
    return c <= ' ' || c == 0xA0 || c == 0xAD || c == 0x1680 || (c >= 0x2000 && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF;
}

bool field_check_is_blank(struct slice text)
{
    uint32_t c = 0;
    while (text.length > 0) {
        if (!utf8_next(&text, &c) || !is_blank_code_point(c)) {
            return false;
        }
    }
    return true;
}

bool field_check_text(struct slice text, size_t limit, const char *path, struct field_errors *errors)
{
    if (!utf8_is_text(text)) {
        field_error_add(errors, FIELD_NOT_TEXT, "%s", path);
        return false;
    }
    if (utf8_length(text) > limit) {
        field_error_add_limit(errors, FIELD_TOO_LONG, (long)limit, "%s", path);
        return false;
    }
    return true;
}

bool field_check_line(struct slice text, size_t limit, const char *path, struct field_errors *errors)
{
    bool blank = field_check_is_blank(text); /* then it is missing, whatever the blanks are */
    for (size_t i = 0; i < text.length && !blank; i++) {
        if (text.data[i] == '\n' || text.data[i] == '\r' || text.data[i] == '\t') {
            field_error_add(errors, FIELD_NOT_TEXT, "%s", path);
            return false;
        }
    }
    return field_check_text(text, limit, path, errors);
}

void field_check_missing(const char *path, struct field_errors *errors)
{
    if (field_error_find(errors, path) == NULL) {
        field_error_add(errors, FIELD_MISSING, "%s", path);
    }
}

static bool is_email(struct slice text)
{
    size_t at = slice_index(text, '@');
    struct slice domain = slice_sub(text, at + 1, text.length);
    size_t dot = slice_index(domain, '.');
    if (at == 0 || at == text.length || slice_index(domain, '@') != domain.length || dot == 0 ||
        dot + 1 >= domain.length || domain.data[domain.length - 1] == '.') {
        return false;
    }
    uint32_t c = 0;
    while (text.length > 0) {
        if (!utf8_next(&text, &c) || is_blank_code_point(c)) {
            return false;
        }
    }
    return true;
}

bool field_check_email(struct slice text, const char *path, struct field_errors *errors)
{
    if (!field_check_line(text, EMAIL_MAX, path, errors)) {
        return false;
    }
    if (text.length > EMAIL_MAX || !is_email(slice_trim(text))) {
        field_error_add(errors, FIELD_NOT_AN_EMAIL, "%s", path);
        return false;
    }
    return true;
}

bool field_check_country(struct slice text, const char *path, struct field_errors *errors)
{
    if (!country_is_code(text)) {
        field_error_add(errors, FIELD_NOT_A_COUNTRY, "%s", path);
        return false;
    }
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_subtag(struct slice part, size_t shortest, size_t longest, bool digits)
{
    if (part.length < shortest || part.length > longest) {
        return false;
    }
    for (size_t i = 0; i < part.length; i++) {
        if (!is_letter(part.data[i]) && !(digits && part.data[i] >= '0' && part.data[i] <= '9')) {
            return false;
        }
    }
    return true;
}

static bool is_language(struct slice text)
{
    enum { SUBTAGS_MAX = 3 };
    struct slice part;
    if (text.length == 0 || text.data[text.length - 1] == '-' || !slice_split(&text, '-', &part) ||
        !is_subtag(part, 2, 3, false)) {
        return false;
    }
    for (size_t i = 0; slice_split(&text, '-', &part); i++) {
        if (i == SUBTAGS_MAX || !is_subtag(part, 2, 8, true)) {
            return false;
        }
    }
    return true;
}

bool field_check_language(struct slice text, const char *path, struct field_errors *errors)
{
    if (!is_language(text)) {
        field_error_add(errors, FIELD_NOT_A_LANGUAGE, "%s", path);
        return false;
    }
    return true;
}
