/* SPDX-License-Identifier: Apache-2.0
 * Rows of crises and gateways. */
#include "store/crisis.h"

#include <jansson.h>
#include <string.h>

#include "core/clock.h"
#include "domain/triage_policy.h"
#include "pg/pool.h"

static struct slice column(struct arena *arena, const PGresult *result, int row, int index)
{
    return arena_dup(arena, pg_get_slice(result, row, index));
}

static void read_translated(struct arena *arena, struct slice text, struct translated *translated)
{
    const char *language = NULL;
    json_t *value = NULL;
    json_t *object = json_loadb(text.data, text.length, 0, NULL);
    json_object_foreach(object, language, value)
    {
        if (json_is_string(value) && translated->count < TRANSLATIONS_MAX) {
            translated->items[translated->count++] =
                (struct translation){arena_dup(arena, slice_of(language)),
                                     arena_dup(arena, slice_make(json_string_value(value), json_string_length(value)))};
        }
    }
    json_decref(object);
}

static void read_elsewhere(struct arena *arena, struct slice text, struct crisis_row *crisis)
{
    json_t *object = json_loadb(text.data, text.length, 0, NULL);
    crisis->routine_elsewhere = arena_dup(arena, slice_of(json_string_value(json_object_get(object, "routine"))));
    crisis->emergency_elsewhere = arena_dup(arena, slice_of(json_string_value(json_object_get(object, "emergency"))));
    json_decref(object);
}

static void read_crisis(struct arena *arena, const PGresult *result, int row, struct crisis_row *crisis)
{
    unsigned posture = POSTURE_NORMAL;
    crisis->id = column(arena, result, row, 0);
    crisis->country = column(arena, result, row, 1);
    read_translated(arena, pg_get_slice(result, row, 2), &crisis->name);
    (void)vocabulary_find(&vocabulary_posture, pg_get_slice(result, row, 3),
                          &posture); /* the table's CHECK holds the list */
    crisis->posture = (enum posture)posture;
    crisis->advisory_level = (unsigned)pg_get_int(result, row, 4);
    crisis->routine_services = column(arena, result, row, 5);
    crisis->emergency_services = column(arena, result, row, 6);
    read_elsewhere(arena, pg_get_slice(result, row, 7), crisis);
    crisis->evacuation = column(arena, result, row, 8);
    read_translated(arena, pg_get_slice(result, row, 9), &crisis->message);
    crisis->languages = column(arena, result, row, 10);
    crisis->post_id = column(arena, result, row, 11);
    crisis->post_name = column(arena, result, row, 12);
    crisis->updated_us = pg_get_time(result, row, 13);
    crisis->check_in_every_us = pg_get_int(result, row, 14) * MICROSECONDS_A_SECOND;
    triage_policy_read(pg_get_slice(result, row, 15), pg_get_slice(result, row, 16), &crisis->policy);
    crisis->check_in_every_in_danger_us = pg_get_int(result, row, 17) * MICROSECONDS_A_SECOND;
}

bool crisis_row_read_all(const PGresult *result, struct arena *arena, struct crisis_row **rows, size_t *count)
{
    size_t found = (size_t)PQntuples(result);
    *count = found < CRISES_MAX ? found : CRISES_MAX;
    *rows = arena_array(arena, *count, sizeof(**rows));
    for (size_t i = 0; *rows != NULL && i < *count; i++) {
        read_crisis(arena, result, (int)i, &(*rows)[i]);
    }
    return *rows != NULL;
}

bool gateway_row_read_all(const PGresult *result, struct arena *arena, struct gateway_row **rows, size_t *count)
{
    size_t found = (size_t)PQntuples(result);
    *count = found < GATEWAYS_MAX ? found : GATEWAYS_MAX;
    *rows = arena_array(arena, *count, sizeof(**rows));
    for (size_t i = 0; *rows != NULL && i < *count; i++) {
        struct gateway_row *gateway = &(*rows)[i];
        struct slice check = pg_get_slice(result, (int)i, 3);
        gateway->name = column(arena, result, (int)i, 0);
        gateway->kind = column(arena, result, (int)i, 1);
        gateway->crisis = column(arena, result, (int)i, 2);
        gateway->signing_key = column(arena, result, (int)i, 4);
        gateway->field_names = column(arena, result, (int)i, 5);
        gateway->sends = pg_get_bool(result, (int)i, 6);
        if (check.length == BLIND_SIZE) {
            memcpy(gateway->secret_check, check.data, BLIND_SIZE);
        }
    }
    return *rows != NULL;
}

struct slice translated_text(const struct translated *translated, struct slice language)
{
    struct slice english = translated->count > 0 ? translated->items[0].text : SLICE("");
    for (size_t i = 0; i < translated->count; i++) {
        if (slice_equal_nocase(translated->items[i].language, language)) {
            return translated->items[i].text;
        }
        if (slice_equal(translated->items[i].language, SLICE("en"))) {
            english = translated->items[i].text;
        }
    }
    return english;
}
