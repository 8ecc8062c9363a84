/* SPDX-License-Identifier: Apache-2.0
 * Source of plus codes: Open Location Code specification, 2019, ten digits. */
#include "domain/assembly.h"

#include <math.h>
#include <stdint.h>

#include "domain/country_outline.h"
#include "domain/place.h"

#define RADIANS (3.14159265358979323846 / 180.0)

static const struct slice bearing_names[BEARING_COUNT] = {
    [BEARING_N] = SLICE_INIT("n"),   [BEARING_NE] = SLICE_INIT("ne"), [BEARING_E] = SLICE_INIT("e"),
    [BEARING_SE] = SLICE_INIT("se"), [BEARING_S] = SLICE_INIT("s"),   [BEARING_SW] = SLICE_INIT("sw"),
    [BEARING_W] = SLICE_INIT("w"),   [BEARING_NW] = SLICE_INIT("nw"),
};
const struct vocabulary vocabulary_bearing = {bearing_names, BEARING_COUNT};

enum bearing assembly_bearing(double lat_a, double lon_a, double lat_b, double lon_b)
{
    double turn = (lon_b - lon_a) * RADIANS;
    double east = sin(turn) * cos(lat_b * RADIANS);
    double north =
        cos(lat_a * RADIANS) * sin(lat_b * RADIANS) - sin(lat_a * RADIANS) * cos(lat_b * RADIANS) * cos(turn);
    double eighths = atan2(east, north) / (45 * RADIANS) + BEARING_COUNT + 0.5; /* never below 0 */
    return (enum bearing)((unsigned)eighths % BEARING_COUNT);
}

bool assembly_nearest(const struct assembly_point points[], size_t count, struct slice crisis, struct slice country,
                      double lat, double lon, struct assembly_way *way)
{
    way->to = NULL;
    for (size_t i = 0; i < count; i++) {
        double distance = distance_m(lat, lon, points[i].lat, points[i].lon);
        if (slice_equal(points[i].crisis, crisis) && (way->to == NULL || distance < way->distance_m)) {
            *way =
                (struct assembly_way){&points[i], distance, assembly_bearing(lat, lon, points[i].lat, points[i].lon)};
        }
    }
    return way->to != NULL && country_outline_holds(country, lat, lon);
}

/* Five pairs of digits to the base of 20, latitude first: of a degree's 8,000th part each. */
void assembly_plus_code(double lat, double lon, char code[PLUS_CODE_SIZE + 1])
{
    static const char digits[] = "23456789CFGHJMPQRVWX";
    enum { PARTS = 8000, PAIRS = 5, BASE = 20, PLUS_AT = 8 };
    double up = floor((fmin(fmax(lat, -90), 90) + 90) * PARTS);
    double right = floor((fmin(fmax(lon, -180), 180) + 180) * PARTS);
    int32_t rows = up < 180.0 * PARTS ? (int32_t)up : 180 * PARTS - 1;
    int32_t columns = right < 360.0 * PARTS ? (int32_t)right : 0; /* 180 east is 180 west */
    for (int pair = PAIRS - 1; pair >= 0; pair--) {
        int at = 2 * pair < PLUS_AT ? 2 * pair : 2 * pair + 1;
        code[at] = digits[rows % BASE];
        code[at + 1] = digits[columns % BASE];
        rows /= BASE;
        columns /= BASE;
    }
    code[PLUS_AT] = '+';
    code[PLUS_CODE_SIZE] = '\0';
}
