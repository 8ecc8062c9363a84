/* SPDX-License-Identifier: Apache-2.0
 * Reading one angle: decimal degrees with either decimal mark, or degrees, minutes and seconds. */
#include "domain/sms_angle.h"

#include <string.h>

enum { WHOLE_DIGITS_MAX = 3, FRACTION_DIGITS_MAX = 15, BLANKS_MAX = 3 };

struct cursor {
    struct slice text;
    size_t at;
};

static char peek(const struct cursor *cursor, size_t ahead)
{
    size_t at = cursor->at + ahead;
    return at < cursor->text.length ? cursor->text.data[at] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take(struct cursor *cursor, const char *any_of)
{
    char c = peek(cursor, 0);
    if (c == '\0' || strchr(any_of, c) == NULL) {
        return false;
    }
    cursor->at++;
    return true;
}

static void skip_blanks(struct cursor *cursor)
{
    for (size_t i = 0; i < BLANKS_MAX && peek(cursor, 0) == ' '; i++) {
        cursor->at++;
    }
}

/* Digits, and behind one of `marks` more digits. */
static bool read_number(struct cursor *cursor, const char *marks, double *value, unsigned *decimals)
{
    size_t digits = 0;
    double scale = 1;
    *value = 0;
    *decimals = 0;
    while (is_digit(peek(cursor, 0))) {
        *value = *value * 10 + (peek(cursor, 0) - '0');
        cursor->at++;
        if (++digits > WHOLE_DIGITS_MAX) {
            return false;
        }
    }
    char mark = peek(cursor, 0);
    if (digits == 0 || mark == '\0' || strchr(marks, mark) == NULL || !is_digit(peek(cursor, 1))) {
        return digits > 0;
    }
    cursor->at++;
    while (is_digit(peek(cursor, 0))) {
        if (++*decimals > FRACTION_DIGITS_MAX) {
            return false;
        }
        scale /= 10;
        *value += (peek(cursor, 0) - '0') * scale;
        cursor->at++;
    }
    return !(peek(cursor, 0) == '.' && is_digit(peek(cursor, 1))); /* "90.12.34.56" is a telephone number */
}

size_t sms_angle_number(struct slice text, size_t at, double *value)
{
    struct cursor cursor = {text, at};
    unsigned decimals = 0;
    bool negative = peek(&cursor, 0) == '-';
    if (negative || peek(&cursor, 0) == '+') {
        cursor.at++;
    }
    if (!read_number(&cursor, ".", value, &decimals)) {
        return 0;
    }
    *value = negative ? -*value : *value;
    return cursor.at;
}

/* A letter of the compass that stands alone, or a whole word for it. */
static char read_hemisphere(struct cursor *cursor)
{
    static const struct {
        struct slice word;
        char hemisphere;
    } words[] = {{SLICE_INIT("north"), 'n'}, {SLICE_INIT("nord"), 'n'},  {SLICE_INIT("south"), 's'},
                 {SLICE_INIT("sud"), 's'},   {SLICE_INIT("east"), 'e'},  {SLICE_INIT("est"), 'e'},
                 {SLICE_INIT("west"), 'w'},  {SLICE_INIT("ouest"), 'o'}, {SLICE_INIT("n"), 'n'},
                 {SLICE_INIT("s"), 's'},     {SLICE_INIT("e"), 'e'},     {SLICE_INIT("w"), 'w'},
                 {SLICE_INIT("o"), 'o'}};
    struct slice rest = slice_sub(cursor->text, cursor->at, cursor->text.length);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        char after = rest.length > words[i].word.length ? rest.data[words[i].word.length] : ' ';
        bool ends = (after < 'a' || after > 'z') && (unsigned char)after < 0x80;
        if (slice_starts_with(rest, words[i].word) && ends) {
            cursor->at += words[i].word.length;
            return words[i].hemisphere;
        }
    }
    return '\0';
}

static bool is_minus(char hemisphere)
{
    return hemisphere == 's' || hemisphere == 'w' || hemisphere == 'o';
}

/* Minutes or seconds: a number below 60 and one of `marks`, twice when the mark is doubled (30'46''). Without a mark it
 * counts when `bare` and the hemisphere follows (13*30N). Leaves the cursor when there is none. */
static double read_part(struct cursor *cursor, const char *marks, bool bare)
{
    struct cursor trial = *cursor;
    double value = 0;
    unsigned decimals = 0;
    skip_blanks(&trial);
    if (!read_number(&trial, ".,", &value, &decimals) || value >= 60) {
        return 0;
    }
    if (take(&trial, marks)) {
        (void)take(&trial, "'");
    } else {
        struct cursor ahead = trial;
        skip_blanks(&ahead);
        if (!bare || read_hemisphere(&ahead) == '\0') {
            return 0;
        }
    }
    *cursor = trial;
    return value;
}

size_t sms_angle_read(struct slice text, size_t at, struct sms_angle *angle)
{
    struct cursor cursor = {text, at};
    *angle = (struct sms_angle){.hemisphere = read_hemisphere(&cursor)};
    if (angle->hemisphere != '\0') {
        skip_blanks(&cursor);
    }
    bool negative = peek(&cursor, 0) == '-';
    if (negative || peek(&cursor, 0) == '+') {
        cursor.at++;
    }
    if (!read_number(&cursor, ".,", &angle->degrees, &angle->decimals)) {
        return 0;
    }
    struct cursor end = cursor;
    skip_blanks(&cursor);
    angle->sign = take(&cursor, "*");
    if (angle->sign) {
        angle->degrees += read_part(&cursor, "'", angle->decimals == 0) / 60;
        angle->degrees += read_part(&cursor, "\"'", angle->decimals == 0) / 3600;
        end = cursor;
    }
    if (angle->hemisphere == '\0') {
        skip_blanks(&cursor);
        angle->hemisphere = read_hemisphere(&cursor);
        end = angle->hemisphere != '\0' ? cursor : end;
    }
    if (negative || is_minus(angle->hemisphere)) {
        angle->degrees = -angle->degrees;
    }
    return end.at;
}
