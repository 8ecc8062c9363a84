/* SPDX-License-Identifier: Apache-2.0
 * Chance that can be thrown again: every choice of a drill is a function of its seed, what it is for and which record, so a record's
 * words are made anew whenever it is sent and never kept. */
#ifndef DRILL_DICE_H
#define DRILL_DICE_H

#include <stdint.h>

/* What is chosen: two choices for one record do not move together. */
enum dice_for {
    DICE_HOUSEHOLD,
    DICE_LANGUAGE,
    DICE_PLACE,
    DICE_NORTH,
    DICE_EAST,
    DICE_NAME,
    DICE_PHONE,
    DICE_REPORT,
    DICE_PARTY,
    DICE_STRANGER,
    DICE_DUPLICATE,
    DICE_CONCURRENT,
    DICE_REORDERED,
    DICE_LATE,
    DICE_LATENESS,
    DICE_CUT,
    DICE_BIRTH,
};

/* 64 bits (splitmix64's mixer: Steele, Lea, Flood 2014). */
uint64_t dice_bits(uint64_t seed, enum dice_for what, uint64_t which);
/* From 0 to below 1. */
double dice_unit(uint64_t seed, enum dice_for what, uint64_t which);
/* From 0 to `count` - 1; count is not 0. */
uint32_t dice_below(uint64_t seed, enum dice_for what, uint64_t which, uint32_t count);

/* A permutation of the 62-bit numbers, so that ids do not come in order (an index that grows at its end is faster than life), and
 * its inverse. */
uint64_t dice_scatter(uint64_t index);
uint64_t dice_gather(uint64_t number);

#endif
