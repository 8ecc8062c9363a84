/* SPDX-License-Identifier: Apache-2.0
 * The small map of a country that a finger can tap: which picture, and where on Earth a spot of it is. */
#ifndef DOMAIN_COUNTRY_MAP_H
#define DOMAIN_COUNTRY_MAP_H

#include <stdbool.h>

#include "core/slice.h"

/* A fingertip covers more of such a map than this, metres; a town that is chosen afterwards says it better. */
#define COUNTRY_MAP_ACCURACY_M 20000.0

struct country_map {
    struct slice country; /* ISO 3166-1 alpha-2 */
    const char *picture;  /* of lib/page's assets */
    unsigned width;       /* pixels, as it must be shown: a browser tells pixels */
    unsigned height;
    double south, west, north, east; /* degrees at its edges; both axes even */
};

/* NULL when there is none of that country. */
const struct country_map *country_map_find(struct slice country);
/* False outside the picture, and at its corner 0,0: that is what is sent when the map is pressed by keyboard. */
bool country_map_position(const struct country_map *map, double x, double y, double *lat, double *lon);

#endif
