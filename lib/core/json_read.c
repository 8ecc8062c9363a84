/* SPDX-License-Identifier: Apache-2.0
 * A recursive reader; each read_* takes what it read off the front. It takes what Jansson 2.14 takes with JSON_REJECT_DUPLICATES, except
 * for a NUL behind a number, and the fuzzer holds it to that. */
#include "core/json_read.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"

struct reader {
    struct arena *arena;
    const char *at;
    const char *end;
};

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r')) {
        r->at++;
    }
}

static bool take(struct reader *r, char c)
{
    bool there = r->at < r->end && *r->at == c;
    r->at += there ? 1 : 0;
    return there;
}

static bool take_word(struct reader *r, struct slice word)
{
    bool there = (size_t)(r->end - r->at) >= word.length && memcmp(r->at, word.data, word.length) == 0;
    r->at += there ? word.length : 0;
    return there;
}

/* --- texts ------------------------------------------------------------------------------------------------------------------ */

/* What stands between here and the closing quote, which it passes; UTF-8 and free of control characters. */
static bool find_quote(struct reader *r, struct slice *raw, bool *escaped)
{
    const char *start = r->at;
    *escaped = false;
    while (r->at < r->end && *r->at != '"') {
        unsigned char byte = (unsigned char)*r->at;
        if (byte < 0x20) {
            return false;
        }
        if (byte >= 0x80) {
            struct slice rest = slice_make(r->at, (size_t)(r->end - r->at));
            uint32_t c = 0;
            if (!utf8_next(&rest, &c)) {
                return false;
            }
            r->at = rest.data;
            continue;
        }
        if (byte == '\\') {
            *escaped = true;
            r->at++; /* what is escaped is no closing quote */
            if (r->at == r->end || (unsigned char)*r->at < 0x20 || (unsigned char)*r->at >= 0x80) {
                return false;
            }
        }
        r->at++;
    }
    *raw = slice_make(start, (size_t)(r->at - start));
    return take(r, '"');
}

static bool read_hex(struct slice *rest, uint32_t *unit)
{
    *unit = 0;
    for (size_t i = 0; i < 4; i++) {
        char c = i < rest->length ? rest->data[i] : '\0';
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit == 16) {
            return false;
        }
        *unit = *unit << 4 | digit;
    }
    *rest = slice_sub(*rest, 4, rest->length);
    return true;
}

/* Behind "\u": one unit, or two that are a pair. */
static bool read_code_point(struct slice *rest, uint32_t *c)
{
    uint32_t low = 0;
    if (!read_hex(rest, c) || *c == 0 || (*c >= 0xDC00 && *c <= 0xDFFF)) {
        return false;
    }
    if (*c < 0xD800 || *c > 0xDBFF) {
        return true;
    }
    if (!slice_starts_with(*rest, SLICE("\\u"))) {
        return false;
    }
    *rest = slice_sub(*rest, 2, rest->length);
    if (!read_hex(rest, &low) || low < 0xDC00 || low > 0xDFFF) {
        return false;
    }
    *c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* `rest` begins behind a backslash, and is not empty. Returns the bytes written, 0 when it is no escape. */
static size_t unescape_one(struct slice *rest, char *out)
{
    static const char plain[] = "\"\"\\\\//b\bf\fn\nr\rt\t"; /* in pairs */
    uint32_t c = 0;
    char mark = rest->data[0];
    *rest = slice_sub(*rest, 1, rest->length);
    if (mark == 'u') {
        return read_code_point(rest, &c) ? utf8_encode(c, out) : 0;
    }
    for (size_t i = 0; i + 1 < sizeof(plain); i += 2) {
        if (plain[i] == mark) {
            out[0] = plain[i + 1];
            return 1;
        }
    }
    return 0;
}

/* No escape is longer than what it is written as. */
static bool unescape(struct arena *arena, struct slice raw, struct slice *text)
{
    char *out = arena_alloc(arena, raw.length);
    size_t length = 0;
    if (out == NULL) {
        return false;
    }
    while (raw.length > 0) {
        size_t plain = slice_index(raw, '\\');
        memcpy(out + length, raw.data, plain);
        length += plain;
        raw = slice_sub(raw, plain + 1, raw.length);
        if (plain > 0 && raw.length == 0) {
            break; /* find_quote let no backslash stand last */
        }
        size_t size = unescape_one(&raw, out + length);
        if (size == 0) {
            return false;
        }
        length += size;
    }
    *text = slice_make(out, length);
    return true;
}

/* Behind the opening quote. */
static bool read_text(struct reader *r, struct slice *text)
{
    bool escaped = false;
    return find_quote(r, text, &escaped) && (!escaped || unescape(r->arena, *text, text));
}

/* --- numbers ---------------------------------------------------------------------------------------------------------------- */

struct number {
    const char *start; /* its sign */
    bool negative;
    bool real;
    bool inexact;         /* `digits` is not all of it, or has more than a double holds exactly */
    uint64_t digits;      /* all digits but the exponent's, as one integer */
    unsigned significant; /* how many they are, from the first that is not 0 */
    int scale;            /* the power of ten that `digits` is to be multiplied with */
};

enum { EXACT_DIGITS = 15, EXACT_SCALE = 22, SCALE_MAX = 100000, INTEGER_DIGITS = 19 };

/* At least one; each that is `fraction` makes the scale smaller. */
static bool read_digits(struct reader *r, struct number *n, bool fraction)
{
    const char *start = r->at;
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
        n->significant += n->significant > 0 || *r->at != '0' ? 1U : 0U;
        if (n->significant > INTEGER_DIGITS) {
            n->inexact = true;
        } else {
            n->digits = n->digits * 10 + (uint64_t)(*r->at - '0'); /* 19 digits fit */
        }
        n->scale -= fraction && n->scale > -SCALE_MAX ? 1 : 0;
    }
    return r->at > start;
}

static bool read_exponent(struct reader *r, struct number *n)
{
    bool negative = take(r, '-');
    struct number exponent = {.scale = 0};
    if (!negative) {
        (void)take(r, '+');
    }
    if (!read_digits(r, &exponent, false)) {
        return false;
    }
    int power = exponent.significant > 5 ? SCALE_MAX : (int)exponent.digits;
    n->scale += negative ? -power : power;
    return true;
}

static bool read_parts(struct reader *r, struct number *n)
{
    n->start = r->at;
    n->negative = take(r, '-');
    if (!take(r, '0') && !read_digits(r, n, false)) {
        return false;
    }
    if (take(r, '.')) {
        n->real = true;
        if (!read_digits(r, n, true)) {
            return false;
        }
    }
    if (take(r, 'e') || take(r, 'E')) {
        n->real = true;
        return read_exponent(r, n);
    }
    return true;
}

static bool integer_of(const struct number *n, int64_t *value)
{
    uint64_t most = (uint64_t)INT64_MAX + (n->negative ? 1 : 0);
    if (n->inexact || n->digits > most) {
        return false;
    }
    *value = n->negative ? (int64_t)(0 - n->digits) : (int64_t)n->digits;
    return true;
}

/* When digits and power of ten both are doubles exactly, one operation rounds the way strtod does (W. Clinger, 1990). */
static bool real_of(struct reader *r, const struct number *n, double *value)
{
    static const double powers[EXACT_SCALE + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (!n->inexact && n->significant <= EXACT_DIGITS && n->scale >= -EXACT_SCALE && n->scale <= EXACT_SCALE) {
        double digits = (double)n->digits;
        digits = n->scale < 0 ? digits / powers[-n->scale] : digits * powers[n->scale];
        *value = n->negative ? -digits : digits;
        return true;
    }
    const char *copy = arena_strdup(r->arena, slice_make(n->start, (size_t)(r->at - n->start)));
    if (copy == NULL) {
        return false;
    }
    *value = strtod(copy, NULL); /* the grammar is checked, and musterd stays in the "C" locale */
    return isfinite(*value);
}

static bool read_number(struct reader *r, struct tree *node)
{
    struct number n = {.scale = 0};
    if (!read_parts(r, &n)) {
        return false;
    }
    node->kind = n.real ? TREE_REAL : TREE_INTEGER;
    return n.real ? real_of(r, &n, &node->real) : integer_of(&n, &node->integer);
}

/* --- objects and arrays ----------------------------------------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b)
{
    return slice_compare(**(const struct slice *const *)a, **(const struct slice *const *)b);
}

/* For the many names that only someone sends who means no good: in n log n. */
static bool is_any_twice(struct arena *arena, const struct tree *object)
{
    const struct slice **names = arena_array(arena, object->count, sizeof(*names));
    size_t count = 0;
    if (names == NULL) {
        return true; /* refused all the same */
    }
    for (const struct tree *child = object->children.first; child != NULL; child = child->next) {
        names[count++] = &child->name;
    }
    qsort(names, count, sizeof(*names), compare_names);
    for (size_t i = 1; i < count; i++) {
        if (slice_equal(*names[i - 1], *names[i])) {
            return true;
        }
    }
    return false;
}

enum { FEW = 16 }; /* names: each new one is compared with those before it */

static bool read_name(struct reader *r, const struct tree *object, struct slice *name)
{
    skip_blanks(r);
    if (!take(r, '"') || !read_text(r, name)) {
        return false;
    }
    skip_blanks(r);
    return take(r, ':') && (object->count >= FEW || tree_member(object, *name) == NULL);
}

static bool read_value(struct reader *r, struct tree *node, unsigned depth);

static bool read_children(struct reader *r, struct tree *node, unsigned depth)
{
    bool object = node->kind == TREE_OBJECT;
    char close = object ? '}' : ']';
    skip_blanks(r);
    if (take(r, close)) {
        return true;
    }
    do {
        struct slice name = {NULL, 0};
        if (object && !read_name(r, node, &name)) {
            return false;
        }
        struct tree *child = tree_new(r->arena, TREE_NULL);
        if (child == NULL || !read_value(r, child, depth + 1)) {
            return false;
        }
        child->name = name;
        tree_add(node, child);
        skip_blanks(r);
    } while (take(r, ','));
    return take(r, close) && (!object || node->count <= FEW || !is_any_twice(r->arena, node));
}

static bool read_value(struct reader *r, struct tree *node, unsigned depth)
{
    skip_blanks(r);
    if (r->at == r->end || depth > JSON_READ_DEPTH_MAX) {
        return false;
    }
    switch (*r->at) {
    case '{':
    case '[':
        node->kind = *r->at++ == '{' ? TREE_OBJECT : TREE_LIST;
        return read_children(r, node, depth);
    case '"':
        r->at++;
        node->kind = TREE_TEXT;
        return read_text(r, &node->text);
    case 't':
        node->kind = TREE_TRUE;
        return take_word(r, SLICE("true"));
    case 'f':
        node->kind = TREE_FALSE;
        return take_word(r, SLICE("false"));
    case 'n':
        node->kind = TREE_NULL;
        return take_word(r, SLICE("null"));
    default:
        return read_number(r, node);
    }
}

struct tree *json_read(struct arena *arena, struct slice text)
{
    struct reader r = {arena, text.data, text.data + text.length};
    struct tree *root = tree_new(arena, TREE_NULL);
    if (root == NULL || text.length == 0 || !read_value(&r, root, 1)) {
        return NULL;
    }
    skip_blanks(&r);
    return r.at == r.end && root->kind >= TREE_LIST ? root : NULL;
}
