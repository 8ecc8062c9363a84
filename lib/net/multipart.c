/* SPDX-License-Identifier: Apache-2.0
 * Part by part: a delimiter line, headers, an empty line, content up to the next delimiter. */
#include "net/multipart.h"

enum { BOUNDARY_MAX = 70 /* RFC 2046 section 5.1.1 */ };

/* The value of a parameter (`name="value"` or `name=value`) behind the first ";". Names are matched without regard to case. False when it is not
 * there. */
static bool parameter(struct slice header, struct slice name, struct slice *value)
{
    size_t at = slice_index(header, ';');
    while (at < header.length) {
        struct slice rest = slice_trim(slice_sub(header, at + 1, header.length));
        size_t equals = slice_index(rest, '=');
        struct slice found = slice_trim(slice_sub(rest, 0, equals));
        struct slice behind = slice_sub(rest, equals + 1, rest.length);
        bool quoted = behind.length > 0 && behind.data[0] == '"';
        size_t end = quoted ? slice_index(slice_sub(behind, 1, behind.length), '"') + 1 : slice_index(behind, ';');
        if (equals == rest.length || (quoted && end >= behind.length)) {
            return false;
        }
        if (slice_equal_nocase(found, name)) {
            *value = quoted ? slice_sub(behind, 1, end) : slice_trim(slice_sub(behind, 0, end));
            return true;
        }
        header = slice_sub(behind, end, behind.length);
        at = slice_index(header, ';');
    }
    return false;
}

static bool next_line(struct slice *rest, struct slice *line)
{
    size_t end = slice_find(*rest, SLICE("\r\n"));
    if (end == rest->length) {
        return false;
    }
    *line = slice_sub(*rest, 0, end);
    *rest = slice_sub(*rest, end + 2, rest->length);
    return true;
}

/* Takes a part's headers off the front. False when they do not end, or none says what field it is. */
static bool read_head(struct slice *rest, struct slice *name, bool *is_file, struct slice *file_name)
{
    static const char disposition[] = "Content-Disposition";
    struct slice line;
    bool named = false;
    while (next_line(rest, &line)) {
        if (line.length == 0) {
            return named;
        }
        size_t colon = slice_index(line, ':');
        struct slice value = slice_trim(slice_sub(line, colon + 1, line.length));
        if (slice_equal_nocase(slice_sub(line, 0, colon), slice_of(disposition)) &&
            slice_equal_nocase(slice_trim(slice_sub(value, 0, slice_index(value, ';'))), SLICE("form-data"))) {
            named = parameter(value, SLICE("name"), name);
            *is_file = parameter(value, SLICE("filename"), file_name);
        }
    }
    return false;
}

static bool add_part(struct form *form, struct multipart_file *file, struct slice name, bool is_file,
                     struct slice file_name, struct slice content)
{
    if (!is_file) {
        if (form->count == FORM_PAIRS_MAX) {
            return false;
        }
        form->pairs[form->count++] = (struct form_pair){name, content};
    } else if (!file->given) {
        *file = (struct multipart_file){file_name.length > 0 || content.length > 0, name, content};
    }
    return true;
}

static bool read_parts(struct slice rest, struct slice delimiter, struct form *form, struct multipart_file *file)
{
    while (!slice_starts_with(rest, SLICE("--"))) { /* behind the last delimiter */
        struct slice padding, name = SLICE(""), file_name = SLICE("");
        bool is_file = false;
        if (!next_line(&rest, &padding) || slice_trim(padding).length > 0 ||
            !read_head(&rest, &name, &is_file, &file_name)) {
            return false;
        }
        size_t end = slice_find(rest, delimiter);
        if (end == rest.length || !add_part(form, file, name, is_file, file_name, slice_sub(rest, 0, end))) {
            return false;
        }
        rest = slice_sub(rest, end + delimiter.length, rest.length);
    }
    return true;
}

bool multipart_parse(struct arena *arena, struct slice content_type, struct slice body, struct form *form,
                     struct multipart_file *file)
{
    struct slice boundary = SLICE("");
    *form = (struct form){NULL, 0};
    *file = (struct multipart_file){.given = false};
    if (!slice_equal_nocase(slice_trim(slice_sub(content_type, 0, slice_index(content_type, ';'))),
                            SLICE("multipart/form-data")) ||
        !parameter(content_type, SLICE("boundary"), &boundary) || boundary.length == 0 ||
        boundary.length > BOUNDARY_MAX) {
        return false;
    }
    struct slice delimiter = arena_printf(arena, "\r\n--%.*s", SLICE_ARGS(boundary));
    form->pairs = arena_array(arena, FORM_PAIRS_MAX, sizeof(*form->pairs));
    if (delimiter.data == NULL || form->pairs == NULL) {
        return false;
    }
    struct slice first = slice_sub(delimiter, 2, delimiter.length); /* the first needs no line end before it */
    size_t start = slice_starts_with(body, first) ? 0 : slice_find(body, delimiter) + 2;
    if (start >= body.length) {
        return false;
    }
    return read_parts(slice_sub(body, start + first.length, body.length), delimiter, form, file);
}
