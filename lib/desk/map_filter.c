/* SPDX-License-Identifier: Apache-2.0
 * One row a parameter. */
#include "desk/map_filter.h"

#include <math.h>

#include "desk/query_table.h"
#include "domain/place.h"

enum { ZOOM_MAX = 22, CRISIS_MAX = 31 };

/* west,south,east,north (RFC 7946 section 5). A map that is drawn beyond the date line says more than 180 degrees: nothing is there. */
static bool parse_box(struct slice value, void *target)
{
    struct map_filter *filter = target;
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
static bool parse_zoom(struct slice value, void *target)
{
    struct map_filter *filter = target;
    static const uint8_t symbols[] = {2, 2, 2, 2, 2, 3, 3, 4, 4};
    uint64_t zoom = 0;
    bool read = slice_to_u64(value, ZOOM_MAX, &zoom);
    filter->symbols = zoom < sizeof(symbols) ? symbols[zoom] : CELL_SIZE;
    return read;
}

static bool parse_crisis(struct slice value, void *target)
{
    struct map_filter *filter = target;
    filter->crisis = value;
    return value.length <= CRISIS_MAX;
}

static const struct query_parameter parameters[] = {
    {SLICE_INIT("bbox"), parse_box, FIELD_NOT_A_VALUE},
    {SLICE_INIT("zoom"), parse_zoom, FIELD_NOT_A_VALUE},
    {SLICE_INIT("crisis"), parse_crisis, FIELD_NOT_A_VALUE},
};

bool map_filter_parse(struct arena *arena, struct slice query, struct map_filter *filter, struct field_errors *errors)
{
    *filter = (struct map_filter){.has_box = false};
    (void)parse_zoom(SLICE("6"), filter);
    return query_table_read(arena, query, parameters, sizeof(parameters) / sizeof(parameters[0]), filter, errors);
}
