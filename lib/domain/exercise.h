/* SPDX-License-Identifier: Apache-2.0
 * The mark of an exercise: what `muster drill` plays is told from what people say by its client_id, and by nothing else.
 *
 * An exercise id is a UUID of version 8 (RFC 9562 section 5.8) whose custom bits are, in the order they are written,
 *
 *   45584552-dddd-8ddd-Vnnn-nnnnnnnnnnnn
 *   32 bits: EXERCISE_MARK ("EXER"); 28 bits d: which drill; 62 bits n (behind V's variant bits): which record of it.
 *
 * So all ids of a drill, and all of all drills, stand beside each other in the order of uuids. register.is_exercise (0006) is the
 * same in SQL; a test holds them equal. Nothing made by chance has the mark: version 4 is not version 8, and what the front door
 * derives by itself keeps off it (exercise_avoid). */
#ifndef DOMAIN_EXERCISE_H
#define DOMAIN_EXERCISE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"

#define EXERCISE_MARK       UINT32_C(0x45584552)
#define EXERCISE_DRILL_MAX  UINT32_C(0x0fffffff)
#define EXERCISE_NUMBER_MAX UINT64_C(0x3fffffffffffffff)
enum { EXERCISE_DRILL_DIGITS = 7 };

/* `drill` to EXERCISE_DRILL_MAX, `number` to EXERCISE_NUMBER_MAX; more is cut. */
struct uuid exercise_id(uint32_t drill, uint64_t number);
bool exercise_is(const struct uuid *id);
/* Of an exercise id. */
uint32_t exercise_drill(const struct uuid *id);
uint64_t exercise_number(const struct uuid *id);
/* The least and the greatest id of a drill. */
struct uuid exercise_first(uint32_t drill);
struct uuid exercise_last(uint32_t drill);

/* `id` with the mark and the drill of `exercise`, and its own bits behind. */
struct uuid exercise_adopt(const struct uuid *exercise, const struct uuid *id);
/* `id` itself, or when chance gave it the mark, one without. */
struct uuid exercise_avoid(const struct uuid *id);

/* A drill's name: seven hexadecimal digits, NUL-terminated; and back, in either case. */
struct slice exercise_drill_format(uint32_t drill, char text[EXERCISE_DRILL_DIGITS + 1]);
bool exercise_drill_parse(struct slice text, uint32_t *drill);

#endif
