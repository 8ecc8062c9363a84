/* SPDX-License-Identifier: Apache-2.0
 * Sealing a check-in: its words, place and sender. */
#include "store/check_in_seal.h"

#include <string.h>

#include "core/buffer.h"
#include "core/json_text.h"
#include "store/derive.h"
#include "store/sealed_row.h"

enum { LOCATION_TEXT_MAX = 4096, LOCATION_TEXT_USUAL = 512 };

/* Adds a member when there is one; *separator stands before it. */
static void add_member(struct buffer *text, const char **separator, const char *name, struct slice value)
{
    if (value.length > 0) {
        buffer_add_text(text, *separator);
        buffer_printf(text, "\"%s\":", name);
        json_text_add(text, value);
        *separator = ",";
    }
}

static void add_reporter(struct buffer *text, const struct reporter *reporter)
{
    const char *separator = "";
    buffer_add_text(text, "\"reporter\":{");
    add_member(text, &separator, "name", reporter->name);
    add_member(text, &separator, "relation", reporter->relation);
    add_member(text, &separator, "phone", reporter->phone);
    add_member(text, &separator, "email", reporter->email);
    buffer_add_byte(text, '}');
}

/* By hand: this is the check-in path, and a tree would cost more than all of the sealing. Who told it of somebody else goes in the same envelope. */
static struct slice location_text(struct arena *arena, const struct location *location, const struct reporter *reporter)
{
    char usual[LOCATION_TEXT_USUAL];
    struct buffer text;
    buffer_init_in(&text, usual, sizeof(usual), LOCATION_TEXT_MAX);
    const char *separator = "{";
    if (location->has_position) {
        buffer_add_text(&text, "{\"lat\":");
        buffer_add_decimal(&text, location->lat, 7);
        buffer_add_text(&text, ",\"lon\":");
        buffer_add_decimal(&text, location->lon, 7);
        separator = ",";
    }
    if (location->has_accuracy) {
        buffer_add_text(&text, separator);
        buffer_add_text(&text, "\"accuracy_m\":");
        buffer_add_decimal(&text, location->accuracy_m, 1);
        separator = ",";
    }
    add_member(&text, &separator, "place", location->place);
    add_member(&text, &separator, "admin1", location->admin1);
    if (reporter->given) {
        buffer_add_text(&text, separator);
        add_reporter(&text, reporter);
        separator = ",";
    }
    buffer_add_text(&text, separator[0] == '{' ? "{}" : "}");
    struct slice copy = text.failed ? (struct slice){NULL, 0} : arena_dup(arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

static bool seal_text(struct check_in_record *record, struct seal_epoch *keys, const char *column, struct slice plain,
                      struct slice *sealed)
{
    if (plain.length == 0) {
        return true;
    }
    uint8_t row[SEALED_ROW_SIZE];
    struct seal_place place = {"check_in", column, sealed_row_uuid(&record->client_id, row)};
    *sealed = seal_field(keys, &record->arena, &place, plain);
    return sealed->data != NULL;
}

static bool seal_place_of(struct check_in_record *record, struct seal_epoch *keys, const struct location *location,
                          const struct reporter *reporter)
{
    char cell[CELL_SIZE + 1];
    if (!location->given && !reporter->given) {
        return true;
    }
    if (location->has_position) {
        cell_of(location->lat, location->lon, cell);
        record->cell = arena_dup(&record->arena, slice_of(cell));
    }
    struct slice text = location_text(&record->arena, location, reporter);
    return text.length > 0 && seal_text(record, keys, "location", text, &record->sealed_location);
}

static void decide(struct check_in_record *record, const struct triage_verdict *verdict)
{
    record->band = (uint8_t)verdict->band;
    record->reasons = verdict->reasons;
    record->queue = vocabulary_name(&vocabulary_queue, verdict->queue);
    record->respond_by_us = verdict->respond_by_us;
}

static void name_party(const struct blind_keys *keys, const struct check_in *check_in, struct check_in_record *record)
{
    record->has_registration_id = check_in->has_registration_id;
    record->registration_id = check_in->registration_id;
    record->stranger_id = check_in->registration_id;
    if (!record->has_registration_id) {
        derive_phone_index(keys, slice_of(check_in->e164), record->phone_index);
        record->stranger_id = derive_stranger_id(keys, slice_of(check_in->e164));
    }
}

bool check_in_seal(struct check_in_record *record, const struct check_in *check_in, const struct check_in_sealing *with)
{
    record->epoch = sealed_epoch_take(with->travels);
    record->client_id = check_in->client_id;
    name_party(with->keys, check_in, record);
    record->crisis = arena_dup(&record->arena, with->crisis);
    record->language = arena_dup(&record->arena, with->language);
    record->channel = vocabulary_name(&vocabulary_channel, with->channel);
    record->received_us = with->received_us;
    record->has_at = check_in->has_at;
    record->at_us = check_in->at_us;
    record->status = check_in->has_status ? vocabulary_name(&vocabulary_check_in_status, check_in->status) : SLICE("");
    record->needs = check_in->needs;
    record->people = check_in->has_people ? (uint32_t)check_in->people : 0;
    decide(record, &with->verdict);
    return derive_content_mac(with->keys, with->content, record->content_mac) &&
           seal_text(record, with->epoch, "message", check_in->message, &record->sealed_message) &&
           seal_text(record, with->epoch, "sender", slice_of(check_in->e164), &record->sealed_sender) &&
           seal_place_of(record, with->epoch, &check_in->location, &check_in->reporter) && !record->arena.failed;
}
