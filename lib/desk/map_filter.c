/* SPDX-License-Identifier: Apache-2.0
 * One row a parameter. */
#include "desk/map_filter.h"

#include <math.h>

#include "domain/place.h"
#include "net/form.h"

enum { ZOOM_MAX = 22, CRISIS_MAX = 31, NAME_SHOWN_MAX = 40 };

/* west,south,east,north (RFC 7946 section 5). A map that is drawn beyond the date line says more than 180 degrees: nothing is there. */
static bool parse_box(struct slice value, struct map_filter *filter)
{
    double *const sides[] = {&filter->west, &filter->south, &filter->east, &filter->north};
    for (size_t i = 0; i < 4; i++) {
        size_t length = 0;
        while (length < value.length && value.data[length] != ',') {
            length++;
        }
        if ((i < 3) != (length < value.length) || !slice_to_double(slice_make(value.data, length), sides[i]) ||
            fabs(*sides[i]) > 1000) {
            return false;
        }
        value = i < 3 ? slice_make(value.data + length + 1, value.length - length - 1) : value;
    }
    filter->has_box = true;
    return filter->west <= filter->east && filter->south <= filter->north;
}

/* By Web Mercator's zooms: so that a cell is some 30 to 150 pixels wide. */
static bool parse_zoom(struct slice value, struct map_filter *filter)
{
    static const uint8_t symbols[] = {2, 2, 2, 2, 2, 3, 3, 4, 4};
    uint64_t zoom = 0;
    bool read = slice_to_u64(value, ZOOM_MAX, &zoom);
    filter->symbols = zoom < sizeof(symbols) ? symbols[zoom] : CELL_SIZE;
    return read;
}

static bool parse_crisis(struct slice value, struct map_filter *filter)
{
    filter->crisis = value;
    return value.length <= CRISIS_MAX;
}

static bool parse_lang(struct slice value, struct map_filter *filter)
{
    (void)value; /* the answer's language is the business of desk_call.c */
    (void)filter;
    return true;
}

static const struct {
    struct slice name;
    bool (*parse)(struct slice value, struct map_filter *filter);
} parameters[] = {
    {SLICE_INIT("bbox"), parse_box},
    {SLICE_INIT("zoom"), parse_zoom},
    {SLICE_INIT("crisis"), parse_crisis},
    {SLICE_INIT("lang"), parse_lang},
};
enum { PARAMETER_COUNT = sizeof(parameters) / sizeof(parameters[0]) };

static void parse_pair(const struct form_pair *pair, unsigned *seen, struct map_filter *filter,
                       struct field_errors *errors)
{
    for (unsigned i = 0; i < PARAMETER_COUNT; i++) {
        if (!slice_equal(pair->name, parameters[i].name)) {
            continue;
        }
        if ((*seen & 1U << i) != 0) {
            field_error_add(errors, FIELD_REPEATED, "%.*s", SLICE_ARGS(pair->name));
        } else if (pair->value.length > 0 && !parameters[i].parse(pair->value, filter)) {
            field_error_add(errors, FIELD_NOT_A_VALUE, "%.*s", SLICE_ARGS(pair->name));
        }
        *seen |= 1U << i;
        return;
    }
    int shown = pair->name.length < NAME_SHOWN_MAX ? (int)pair->name.length : NAME_SHOWN_MAX;
    field_error_add(errors, FIELD_UNKNOWN, "%.*s", shown, pair->name.length > 0 ? pair->name.data : "");
}

bool map_filter_parse(struct arena *arena, struct slice query, struct map_filter *filter, struct field_errors *errors)
{
    struct form form;
    unsigned seen = 0;
    *filter = (struct map_filter){.has_box = false};
    (void)parse_zoom(SLICE("6"), filter);
    if (!form_parse(arena, query, &form)) {
        field_error_add(errors, FIELD_NOT_TEXT, "query");
        return false;
    }
    for (size_t i = 0; i < form.count; i++) {
        parse_pair(&form.pairs[i], &seen, filter, errors);
    }
    return errors->count == 0;
}
