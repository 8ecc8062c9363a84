/* SPDX-License-Identifier: Apache-2.0
 * What a place that somebody typed on a form is: a position, a town we know, one of several, or words. */
#ifndef DOMAIN_PLACE_MATCH_H
#define DOMAIN_PLACE_MATCH_H

#include <stddef.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/gazetteer.h"
#include "domain/place.h"

enum { PLACE_CHOICES_MAX = 6 };

enum place_finding {
    PLACE_IS_WORDS,    /* nothing that we know: it stays as it was typed */
    PLACE_IS_POSITION, /* degrees, a map link or a plus code */
    PLACE_IS_TOWN,     /* choices[0] */
    PLACE_IS_DOUBTFUL, /* one of choices, perhaps: ask */
};

struct place_match {
    enum place_finding finding;
    double lat; /* of a position */
    double lon;
    const struct gazetteer_place *choices[PLACE_CHOICES_MAX]; /* each town once, the likeliest first */
    size_t count;
};

/* Reads valid UTF-8 of a crisis in `country` (ISO 3166-1 alpha-2); the gazetteer is of one country, elsewhere only positions are read.
 * A town's name in brackets at the end decides: that is how an answer to our question is written down (place_match_chosen). A name that
 * stands among other words counts; one that is misspelled, or only begun, makes it doubtful. Pure, no allocation. */
void place_match(struct slice typed, struct slice country, struct place_match *match);

/* Gives a location that has words alone the position that they say. One that has a position keeps it. */
void place_match_position(struct location *location, struct slice country);

/* The towns nearest to a position, the nearest first, none farther than `km`; how many. */
size_t place_match_near(double lat, double lon, double km, struct slice country,
                        const struct gazetteer_place *near[PLACE_CHOICES_MAX]);

/* "near the market (Dosso)": what was typed and the town chosen, in the arena; what was typed alone when the gazetteer has no such town.
 * data NULL: memory is out. */
struct slice place_match_chosen(struct arena *arena, struct slice typed, struct slice name);

#endif
