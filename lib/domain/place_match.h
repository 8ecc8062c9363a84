/* SPDX-License-Identifier: Apache-2.0
 * What a place that somebody typed on a form is: a position, a place we know, one of several, or words. */
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
    PLACE_IS_KNOWN,    /* choices[0] */
    PLACE_IS_DOUBTFUL, /* one of choices, perhaps: ask */
};

struct place_match {
    enum place_finding finding;
    double lat; /* of a position */
    double lon;
    const struct gazetteer_place *choices[PLACE_CHOICES_MAX]; /* each place once, the likeliest first */
    size_t count;
};

/* Reads valid UTF-8. A name in brackets at the end decides: that is how an answer to our question is written down (place_match_chosen). A name that
 * stands among other words counts; a town that is named beside says which of several places of one name is meant, and which one whose name is an
 * ordinary word. A name that is misspelled, or only begun, makes it doubtful. Pure, no allocation. */
void place_match(struct slice typed, const struct gazetteer *gazetteer, struct place_match *match);

/* Gives a location that has words alone the position that they say. One that has a position keeps it. */
void place_match_position(struct location *location, const struct gazetteer *gazetteer);

/* The towns and crossings nearest to a position, the nearest first, none farther than `km`; how many. */
size_t place_match_near(double lat, double lon, double km, const struct gazetteer *gazetteer,
                        const struct gazetteer_place *near[PLACE_CHOICES_MAX]);

/* "near the market (Dosso)": what was typed and the place chosen, in the arena; what was typed alone when the gazetteer has no such place.
 * data NULL: memory is out. */
struct slice place_match_chosen(struct arena *arena, struct slice typed, struct slice name,
                                const struct gazetteer *gazetteer);

#endif
