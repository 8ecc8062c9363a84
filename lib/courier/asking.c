/* SPDX-License-Identifier: Apache-2.0
 * Open the emergency contact's number where it may be used, ask domain/overdue.c, write, seal. */
#include "courier/asking.h"

#include <string.h>

#include "core/buffer.h"
#include "core/case_code.h"
#include "core/clock.h"
#include "core/json_read.h"
#include "core/tree.h"
#include "domain/phone.h"
#include "domain/sms_segment.h"
#include "page/language.h"
#include "page/text.h"
#include "store/derive.h"
#include "store/sealed_row.h"

enum { EPOCH_SECONDS = 600, TEXT_MAX = 1024, MINUTES_AN_HOUR = 60 };

void asking_means_release(struct asking_means *means)
{
    seal_epoch_free(means->epoch);
    means->epoch = NULL;
}

static bool renew_epoch(struct asking_means *means)
{
    struct clock clock = clock_system();
    int64_t now_us = clock_now(&clock);
    int64_t age_us = now_us - means->opened_us;
    if (means->epoch == NULL || age_us < 0 || age_us >= EPOCH_SECONDS * MICROSECONDS_A_SECOND) {
        asking_means_release(means);
        means->epoch = seal_epoch_new(means->recipients, means->recipient_count);
        means->opened_us = now_us;
    }
    return means->epoch != NULL;
}

/* Told as it was typed; read as dialled in the crisis's country. */
static bool open_contact(const struct asking_means *means, const struct overdue_row *row, struct arena *arena,
                         char e164[PHONE_E164_SIZE])
{
    uint8_t id[SEALED_ROW_SIZE];
    char country[3] = "";
    struct slice plain;
    struct seal_place place = {"registration", "emergency_contact", sealed_row_registration(row->registration_id, id)};
    if (row->rung >= OVERDUE_CONTACT_ASKED || row->contact.wrap.length == 0 ||
        !sealed_cell_open(means->opener, &row->contact, &place, arena, &plain)) {
        return false;
    }
    memcpy(country, row->country.data, row->country.length < sizeof(country) ? row->country.length : 0);
    const struct tree *phone = tree_member(json_read(arena, plain), SLICE("phone"));
    return phone != NULL && phone->kind == TREE_TEXT && phone_normalise(phone->text, country, e164);
}

static struct slice write_text(const struct overdue_row *row, enum overdue_rung rung, struct arena *arena)
{
    struct buffer out;
    char code[CASE_CODE_TEXT_SIZE + 1];
    const struct page_language *spoken = page_language_find(row->language);
    bool is_plain =
        !sms_segment_count(row->place).ucs2; /* one character of another alphabet, and all of it costs twice */
    const struct page_field fields[] = {{"case", case_code_format(row->registration_id, code)},
                                        {"place", is_plain ? row->place : row->country}};
    const char *key = rung == OVERDUE_CONTACT_ASKED ? "sms.overdue_contact"
                      : rung == OVERDUE_ASKED_AGAIN ? "sms.stale"
                                                    : "sms.overdue";
    buffer_init(&out, TEXT_MAX);
    page_format(&out, spoken != NULL ? spoken : page_language_at(0), key, fields, 2);
    struct slice text = out.failed ? (struct slice){NULL, 0} : arena_dup(arena, buffer_slice(&out));
    buffer_release(&out);
    return text;
}

static bool seal_text(struct asking_means *means, struct overdue_climb *climb, const char *e164, struct arena *arena)
{
    uint8_t id[SEALED_ROW_SIZE];
    const struct overdue_row *row = climb->from;
    struct slice text = write_text(row, climb->next.rung, arena);
    struct seal_place place = {"message", "text", sealed_row_uuid(&row->ask_id, id)};
    if (text.data == NULL || !renew_epoch(means)) {
        return false;
    }
    climb->text = seal_field(means->epoch, arena, &place, text);
    if (climb->next.rung == OVERDUE_CONTACT_ASKED) {
        place = (struct seal_place){"message", "to", place.row_id};
        climb->number = seal_field(means->epoch, arena, &place, slice_of(e164));
        derive_phone_index(&means->keys, slice_of(e164), climb->index);
        return climb->text.data != NULL && climb->number.data != NULL;
    }
    climb->has_contact = true;
    climb->contact = climb->next.rung == OVERDUE_ASKED_ELSEWHERE ? row->second : row->first;
    return climb->text.data != NULL;
}

/* Nothing is known of them now but what they registered, and their silence. */
static struct triage_verdict judge(const struct overdue_row *row)
{
    const struct triage_facts facts = {
        .needs = row->needs,
        .has_intent = row->has_intent,
        .intent = row->intent,
        .overdue = true,
        .in_danger_zone = row->in_danger_zone,
    };
    return triage_decide(&row->policy, &facts, row->now_us);
}

/* Nights end for everybody at the same hour; mornings are an hour long, so that not all are texted in its first minute. */
static int64_t quiet_us(const struct overdue_row *row)
{
    int64_t quiet_us = row->has_clock ? overdue_quiet_us(row->clock_s) : 0;
    return quiet_us > 0 ? quiet_us + row->registration_id % MINUTES_AN_HOUR * MICROSECONDS_A_MINUTE : 0;
}

bool asking_make(struct asking_means *means, const struct overdue_row *row, int64_t *room, struct arena *arena,
                 struct overdue_climb *climb)
{
    char e164[PHONE_E164_SIZE] = "";
    bool urgent = overdue_is_urgent(row->needs, row->in_danger_zone);
    const struct overdue_facts facts = {
        .silent = row->silent,
        .has_number = row->has_first,
        .has_another = row->has_second,
        .has_contact = open_contact(means, row, arena, e164),
        .has_warden = row->has_warden,
        .has_room = *room > 0,
        .urgent = urgent,
        .quiet_us = urgent ? 0 : quiet_us(row), /* who may need a doctor is woken */
        .now_us = row->now_us,
        .due_us = row->due_us,
        .stale_us = row->stale_us,
        .stale_every_us = row->stale_every_us,
    };
    *climb = (struct overdue_climb){.from = row, .next = overdue_step(row->rung, &facts)};
    if (climb->next.act != OVERDUE_CLIMB) {
        return climb->next.act == OVERDUE_WAIT;
    }
    if (climb->next.rung == OVERDUE_CASE_RAISED) {
        climb->verdict = judge(row);
    } else if (overdue_is_text(climb->next.rung) && (climb->next.rung != OVERDUE_ASKED_AGAIN || facts.has_number)) {
        *room -= 1;
        return seal_text(means, climb, e164, arena);
    }
    return true;
}
