/* SPDX-License-Identifier: Apache-2.0
 * One row a country. */
#include "domain/country_map.h"

#include <stddef.h>

/* Degrees of latitude and longitude look alike in the middle of the country. */
static const struct country_map maps[] = {
    {SLICE_INIT("NE"), "map_ne.svg", 288, 230, 11.3, -0.3, 23.9434, 16.3},
};

const struct country_map *country_map_find(struct slice country)
{
    for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
        if (slice_equal(maps[i].country, country)) {
            return &maps[i];
        }
    }
    return NULL;
}

bool country_map_position(const struct country_map *map, double x, double y, double *lat, double *lon)
{
    bool within = x >= 0 && x <= map->width && y >= 0 && y <= map->height;
    if (!within || x + y <= 0) {
        return false;
    }
    *lat = map->north - y * (map->north - map->south) / map->height;
    *lon = map->west + x * (map->east - map->west) / map->width;
    return true;
}
