/* SPDX-License-Identifier: Apache-2.0
 * Exercise ids, bit by bit. */
#include "domain/exercise.h"

enum { HALF = 8, VERSION = 0x80, VARIANT = 0x80 };

static void put(uint8_t *out, uint64_t value, size_t bytes)
{
    for (size_t i = bytes; i > 0; i--) {
        out[i - 1] = (uint8_t)value;
        value >>= 8;
    }
}

static uint64_t get(const uint8_t *in, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++) {
        value = value << 8 | in[i];
    }
    return value;
}

struct uuid exercise_id(uint32_t drill, uint64_t number)
{
    struct uuid id;
    put(id.bytes, EXERCISE_MARK, 4);
    put(id.bytes + 4, drill >> 12, 2);
    put(id.bytes + 6, VERSION << 8 | (drill & 0xfffU), 2);
    put(id.bytes + HALF, number, HALF);
    id.bytes[HALF] = (uint8_t)((id.bytes[HALF] & 0x3fU) | VARIANT);
    return id;
}

bool exercise_is(const struct uuid *id)
{
    return get(id->bytes, 4) == EXERCISE_MARK && (id->bytes[6] & 0xf0U) == VERSION &&
           (id->bytes[HALF] & 0xc0U) == VARIANT;
}

uint32_t exercise_drill(const struct uuid *id)
{
    return (uint32_t)(get(id->bytes + 4, 2) << 12 | (get(id->bytes + 6, 2) & 0xfffU));
}

uint64_t exercise_number(const struct uuid *id)
{
    return get(id->bytes + HALF, HALF) & EXERCISE_NUMBER_MAX;
}

struct uuid exercise_first(uint32_t drill)
{
    return exercise_id(drill, 0);
}

struct uuid exercise_last(uint32_t drill)
{
    return exercise_id(drill, EXERCISE_NUMBER_MAX);
}

struct uuid exercise_adopt(const struct uuid *exercise, const struct uuid *id)
{
    return exercise_id(exercise_drill(exercise), exercise_number(id));
}

struct uuid exercise_avoid(const struct uuid *id)
{
    struct uuid other = *id;
    if (exercise_is(id)) {
        other.bytes[0] ^= 0x80U;
    }
    return other;
}

struct slice exercise_drill_format(uint32_t drill, char text[EXERCISE_DRILL_DIGITS + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (unsigned i = 0; i < EXERCISE_DRILL_DIGITS; i++) {
        text[i] = digits[drill >> (4 * (EXERCISE_DRILL_DIGITS - 1 - i)) & 15U];
    }
    text[EXERCISE_DRILL_DIGITS] = '\0';
    return slice_make(text, EXERCISE_DRILL_DIGITS);
}

bool exercise_drill_parse(struct slice text, uint32_t *drill)
{
    char padded[EXERCISE_DRILL_DIGITS + 1] = {'0'};
    uint8_t bytes[4];
    if (text.length != EXERCISE_DRILL_DIGITS) {
        return false;
    }
    memcpy(padded + 1, text.data, EXERCISE_DRILL_DIGITS);
    if (!hex_parse(slice_make(padded, sizeof(padded)), bytes, sizeof(bytes))) {
        return false;
    }
    *drill = (uint32_t)get(bytes, sizeof(bytes));
    return true;
}
