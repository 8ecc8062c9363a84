/* SPDX-License-Identifier: Apache-2.0
 * Two arrays. */
#include "drill/roll.h"

#include <stdlib.h>

#include "domain/exercise.h"
#include "drill/dice.h"

enum { FIRST_CAPACITY = 4096 };

bool roll_init(struct roll *roll, uint32_t drill, uint64_t seed, uint32_t party_max)
{
    *roll = (struct roll){.drill = drill, .seed = seed, .party_max = party_max};
    roll->registered = calloc((size_t)party_max + 1, sizeof(*roll->registered));
    roll->committed = calloc((size_t)party_max / 8 + 1, 1);
    roll->records = calloc(FIRST_CAPACITY, sizeof(*roll->records));
    roll->capacity = FIRST_CAPACITY;
    if (roll->registered == NULL || roll->committed == NULL || roll->records == NULL) {
        roll_release(roll);
        return false;
    }
    for (uint32_t i = 0; i < party_max; i++) {
        roll->registered[i] = ROLL_UNKNOWN;
    }
    return true;
}

void roll_release(struct roll *roll)
{
    free(roll->records);
    free(roll->registered);
    free(roll->committed);
    *roll = (struct roll){0};
}

bool roll_is_committed(const struct roll *roll, uint32_t party)
{
    return ((unsigned)roll->committed[party / 8] >> party % 8 & 1U) != 0;
}

void roll_register(struct roll *roll, uint32_t party, int64_t registration_id, bool committed)
{
    roll->registered[party] = registration_id;
    roll->committed[party / 8] |= (uint8_t)((committed ? 1U : 0U) << party % 8);
}

struct roll_record *roll_add(struct roll *roll)
{
    if (roll->count == roll->capacity) {
        uint32_t capacity = roll->capacity < ROLL_RECORDS_MAX / 2 ? roll->capacity * 2 : ROLL_RECORDS_MAX;
        struct roll_record *records =
            capacity > roll->capacity ? realloc(roll->records, capacity * sizeof(*records)) : NULL;
        if (records == NULL) {
            return NULL;
        }
        roll->records = records;
        roll->capacity = capacity;
    }
    struct roll_record *record = &roll->records[roll->count++];
    *record = (struct roll_record){.registration_id = ROLL_UNKNOWN, .next = ROLL_NOBODY};
    return record;
}

struct uuid roll_client_id(const struct roll *roll, uint32_t index)
{
    return exercise_id(roll->drill, dice_scatter(index));
}

uint32_t roll_find(const struct roll *roll, const struct uuid *id)
{
    if (!exercise_is(id) || exercise_drill(id) != roll->drill) {
        return ROLL_NOBODY;
    }
    uint64_t index = dice_gather(exercise_number(id));
    return index < roll->count ? (uint32_t)index : ROLL_NOBODY;
}
