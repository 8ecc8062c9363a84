/* SPDX-License-Identifier: Apache-2.0
 * Zones as they are kept: what a lead drew, what is inside, and the cells in danger that edges know. */
#ifndef STORE_ZONE_H
#define STORE_ZONE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/id.h"
#include "core/slice.h"
#include "domain/zone.h"
#include "domain/zone_cells.h"
#include "pg/params.h"

/* What is inside, as it was counted last. */
struct zone_inside {
    int64_t band; /* the worst; 0: none */
    int64_t open, unclaimed, late, people;
    struct slice queues;         /* a JSON object: open by queue */
    int64_t parties, registered; /* registered parties that have not departed, and how many people those are */
};

/* Slices are borrowed from the result. */
struct zone_row {
    struct uuid id;
    struct slice crisis, kind, name;
    struct slice geometry; /* GeoJSON */
    bool has_radius;
    double radius_m;
    int64_t from_us, until_us; /* until 0: without an end */
    bool in_force;
    int32_t version;
    int64_t changed_us;
    bool removed;
    struct slice cells; /* separated by spaces */
    bool may_change;    /* the caller leads the crisis */
    struct zone_inside inside;
    bool judging; /* open cases of the crisis are still being judged by its zones */
    bool tell_citizens,
        told; /* a lead wants citizens to be told of it, and they are: it is in force and not in danger */
};
/* `crisis` empty: all; `id` NULL: all that stand. */
void zone_list_params(struct pg_params *params, struct slice crisis, const struct uuid *id);
void zone_row_read(const PGresult *result, int row, struct zone_row *zone);

struct zone_change {
    struct uuid id;
    int32_t version; /* that the lead saw; 0: a new zone */
    const struct zone *zone;
    struct slice geometry; /* as it was sent */
    const struct zone_cover *cover;
    int64_t staff_id;
    struct slice origin;
};
void zone_put_params(struct pg_params *params, const struct zone_change *change);
void zone_remove_params(struct pg_params *params, const struct zone_change *change);

void zone_within_params(struct pg_params *params, struct slice crisis, const struct zone_cover *cover);
/* A row of zone_within.sql after the first. */
struct zone_within_row {
    struct slice queue; /* empty: registered parties */
    int64_t band, number, unclaimed, late, people;
};
void zone_within_row_read(const PGresult *result, int row, struct zone_within_row *out);

struct danger_row {
    struct slice crisis;
    struct zone_cells cells;
};
/* The rows of danger_list.sql, one at least; copies into the arena. False when memory is out. */
bool danger_row_read_all(const PGresult *result, struct arena *arena, struct slice *seen, struct danger_row **rows,
                         size_t *count);

#endif
