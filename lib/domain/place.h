/* SPDX-License-Identifier: Apache-2.0
 * Where someone is: a position, or words, and the coarse cell that may be kept in the clear. */
#ifndef DOMAIN_PLACE_H
#define DOMAIN_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"
#include "domain/field_error.h"

struct location {
    bool given;
    bool has_position;
    double lat; /* degrees north, WGS 84 */
    double lon; /* degrees east */
    bool has_accuracy;
    double accuracy_m;   /* metres, 68 % */
    struct slice place;  /* as typed */
    struct slice admin1; /* ISO 3166-2 or as typed */
    bool in_danger_zone; /* of its crisis, as the edge knows it; nobody says it of themselves */
};

enum { CELL_SIZE = 5, PLACE_TEXT_MAX = 200 };

/* A geohash of five symbols: about 4.9 km by 4.9 km at the equator. NUL-terminated.
 * Source: G. Niemeyer's public-domain geohash (2008). */
void cell_of(double lat, double lon, char cell[CELL_SIZE + 1]);
/* The middle of a cell; false when `cell` is not five geohash symbols. */
bool cell_middle(struct slice cell, double *lat, double *lon);
/* The edges of a cell, or of the larger one that its first symbols name; false when `cell` is not one to five geohash symbols. */
struct cell_edges {
    double south, west, north, east;
};
bool cell_edges_of(struct slice cell, struct cell_edges *edges);
/* The cells that a circle touches, at most `most`; how many, or 0 when there are more than that. */
size_t cell_within(double lat, double lon, double km, char cells[][CELL_SIZE + 1], size_t most);
/* Great-circle metres (haversine, mean radius 6,371,008.8 m). */
double distance_m(double lat_a, double lon_a, double lat_b, double lon_b);

/* Names every fault under `path` ("location"): ranges, lat without lon, texts. 0,0 exactly is refused as a broken receiver. */
void location_validate(const struct location *location, const char *path, struct field_errors *errors);

#endif
