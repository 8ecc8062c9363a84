/* SPDX-License-Identifier: Apache-2.0
 * Coarse cells, distances, and what is wrong with a location. */
#include "domain/place.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "domain/field_check.h"

#define EARTH_RADIUS_M 6371008.8 /* IUGG mean radius */
#define RADIANS        (3.14159265358979323846 / 180.0)
#define ACCURACY_MAX_M 20037508.0 /* half way round */

enum { BITS_A_SYMBOL = 5, CELL_BITS = CELL_SIZE * BITS_A_SYMBOL };

static const char alphabet[] = "0123456789bcdefghjkmnpqrstuvwxyz";

struct range {
    double low;
    double high;
};

/* Of 2^bits equal steps from -limit to limit, which one holds the value. The edges of steps are doubles exactly (limit / 2^bits has few
 * digits), the quotient is not: it may be one step off, and is put right by comparing with the edges. */
static uint32_t step_of(double value, double limit, unsigned bits)
{
    double width = 2 * limit / (double)(UINT32_C(1) << bits);
    uint32_t last = (UINT32_C(1) << bits) - 1;
    double quotient = (value + limit) / width;
    uint32_t step = !(quotient > 0) ? 0 : quotient > last ? last : (uint32_t)quotient;
    if (step > 0 && value < step * width - limit) {
        step--;
    } else if (step < last && value >= (step + 1) * width - limit) {
        step++;
    }
    return step;
}

/* Bits come in turn from longitude and latitude, the first from longitude: each halves its range. */
void cell_of(double lat, double lon, char cell[CELL_SIZE + 1])
{
    enum { LON_BITS = (CELL_BITS + 1) / 2, LAT_BITS = CELL_BITS / 2 };
    uint32_t lon_step = step_of(lon, 180, LON_BITS);
    uint32_t lat_step = step_of(lat, 90, LAT_BITS);
    uint32_t bits = 0;
    for (unsigned i = 0; i < LON_BITS; i++) {
        bits |= (lon_step >> i & 1U) << 2 * i | (i < LAT_BITS ? (lat_step >> i & 1U) << (2 * i + 1) : 0);
    }
    for (unsigned i = 0; i < CELL_SIZE; i++) {
        cell[i] = alphabet[bits >> (CELL_BITS - BITS_A_SYMBOL * (i + 1)) & 31U];
    }
    cell[CELL_SIZE] = '\0';
}

bool cell_edges_of(struct slice cell, struct cell_edges *edges)
{
    struct range ranges[2] = {{-180.0, 180.0}, {-90.0, 90.0}};
    unsigned count = (unsigned)cell.length * BITS_A_SYMBOL;
    uint32_t bits = 0;
    if (cell.length == 0 || cell.length > CELL_SIZE) {
        return false;
    }
    for (size_t i = 0; i < cell.length; i++) {
        const char *found = memchr(alphabet, cell.data[i], sizeof(alphabet) - 1);
        if (found == NULL) {
            return false;
        }
        bits = bits << BITS_A_SYMBOL | (uint32_t)(found - alphabet);
    }
    for (unsigned i = 0; i < count; i++) {
        struct range *range = &ranges[i % 2];
        bool upper = (bits >> (count - 1 - i) & 1U) != 0;
        *(upper ? &range->low : &range->high) = (range->low + range->high) / 2;
    }
    *edges = (struct cell_edges){ranges[1].low, ranges[0].low, ranges[1].high, ranges[0].high};
    return true;
}

bool cell_middle(struct slice cell, double *lat, double *lon)
{
    struct cell_edges edges;
    if (cell.length != CELL_SIZE || !cell_edges_of(cell, &edges)) {
        return false;
    }
    *lon = (edges.west + edges.east) / 2;
    *lat = (edges.south + edges.north) / 2;
    return true;
}

double distance_m(double lat_a, double lon_a, double lat_b, double lon_b)
{
    double half_lat = sin((lat_b - lat_a) * RADIANS / 2);
    double half_lon = sin((lon_b - lon_a) * RADIANS / 2);
    double h = half_lat * half_lat + cos(lat_a * RADIANS) * cos(lat_b * RADIANS) * half_lon * half_lon;
    return 2 * EARTH_RADIUS_M * asin(sqrt(fmin(h, 1.0))); /* rounding may pass 1 between antipodes */
}

/* A cell counts when its middle is no further from the circle than half its diagonal: rather one too many than somebody left out. */
size_t cell_within(double lat, double lon, double km, char cells[][CELL_SIZE + 1], size_t most)
{
    const double step = 180.0 / (double)(1U << (CELL_BITS / 2)); /* degrees, of both sides */
    const double half_diagonal_m = step * RADIANS * EARTH_RADIUS_M * 0.71;
    const double reach = km * 1000 / (EARTH_RADIUS_M * RADIANS) + step;
    const double widest = fmin(fabs(lat) + reach, 89.0);
    const double lon_reach = fmin(reach / cos(widest * RADIANS), 180.0);
    const int rows = (int)ceil(reach / step);
    const int columns = (int)ceil(lon_reach / step);
    size_t count = 0;
    for (int row = -rows; row <= rows; row++) {
        double y = lat + row * step;
        for (int column = -columns; y >= -90 && y < 90 && column <= columns; column++) {
            double x = lon + column * step;
            x = x >= 180 ? x - 360 : x < -180 ? x + 360 : x;
            double middle_lat = 0;
            double middle_lon = 0;
            char cell[CELL_SIZE + 1];
            cell_of(y, x, cell);
            (void)cell_middle(slice_make(cell, CELL_SIZE), &middle_lat, &middle_lon);
            if (distance_m(lat, lon, middle_lat, middle_lon) > km * 1000 + half_diagonal_m) {
                continue;
            }
            if (count == most) {
                return 0;
            }
            memcpy(cells[count++], cell, sizeof(cell));
        }
    }
    return count;
}

/* Written so that NaN, of which every comparison is false, is out of range. */
static bool within(double value, double limit)
{
    return value >= -limit && value <= limit;
}

static void check_number(bool good, const char *path, const char *member, struct field_errors *errors)
{
    if (!good) {
        field_error_add(errors, FIELD_OUT_OF_RANGE, "%.60s/%s", path, member);
    }
}

static void check_words(struct slice text, const char *path, const char *member, struct field_errors *errors)
{
    char full[FIELD_PATH_MAX];
    if (text.length > 0 && snprintf(full, sizeof(full), "%.60s/%s", path, member) > 0) {
        (void)field_check_line(text, PLACE_TEXT_MAX, full, errors);
    }
}

void location_validate(const struct location *location, const char *path, struct field_errors *errors)
{
    if (!location->given) {
        return;
    }
    if (location->has_position) {
        check_number(within(location->lat, 90), path, "lat", errors);
        check_number(within(location->lon, 180), path, "lon", errors);
        /* A receiver without a fix reports 0,0; nobody registers from the Gulf of Guinea. */
        check_number(fabs(location->lat) > 0 || fabs(location->lon) > 0 || isnan(location->lat), path, "lat", errors);
    }
    if (location->has_accuracy) {
        check_number(location->accuracy_m >= 0 && location->accuracy_m <= ACCURACY_MAX_M, path, "accuracy_m", errors);
    }
    check_words(location->place, path, "place", errors);
    check_words(location->admin1, path, "admin1", errors);
}
