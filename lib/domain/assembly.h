/* SPDX-License-Identifier: Apache-2.0
 * Assembly points that a lead tells citizens of: which is nearest to somebody, how far and which way. Pure. */
#ifndef DOMAIN_ASSEMBLY_H
#define DOMAIN_ASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"
#include "domain/vocabulary.h"

struct assembly_point {
    struct slice crisis;
    struct slice name; /* as the lead wrote it */
    double lat, lon;
};

enum bearing {
    BEARING_N,
    BEARING_NE,
    BEARING_E,
    BEARING_SE,
    BEARING_S,
    BEARING_SW,
    BEARING_W,
    BEARING_NW,
    BEARING_COUNT
};
extern const struct vocabulary vocabulary_bearing; /* "n", "ne", ... */

struct assembly_way {
    const struct assembly_point *to;
    double distance_m;
    enum bearing bearing; /* which way it is from there */
};
/* The nearest of the crisis's to the position; false when it has none, or the position is not in its country: who has left is not sent back. */
bool assembly_nearest(const struct assembly_point points[], size_t count, struct slice crisis, struct slice country,
                      double lat, double lon, struct assembly_way *way);
/* The eighth of the horizon in which b lies from a. */
enum bearing assembly_bearing(double lat_a, double lon_a, double lat_b, double lon_b);

enum { PLUS_CODE_SIZE = 11 };
/* The plus code of a position, some 14 m across: "6FQ2G4Q6+QV". NUL-terminated. */
void assembly_plus_code(double lat, double lon, char code[PLUS_CODE_SIZE + 1]);

#endif
