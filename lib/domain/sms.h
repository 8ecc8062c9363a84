/* SPDX-License-Identifier: Apache-2.0
 * What a text message says: status, needs, case code, position, how many; whatever is not understood is left whole. */
#ifndef DOMAIN_SMS_H
#define DOMAIN_SMS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"
#include "domain/gazetteer.h"
#include "domain/place.h"
#include "domain/vocabulary.h"

enum { SMS_TEXT_MAX = 4096 };

/* How sure a reading is of its status and needs. */
enum sms_certainty {
    SMS_SURE,    /* every word was understood as it was typed, and they agree */
    SMS_LIKELY,  /* what was understood agrees; other words remain (left_over) */
    SMS_GUESSED, /* a word was taken for one near it, well and help were both said, or "safe" was said and not meant */
};

struct sms_reading {
    bool has_status;
    enum check_in_status status; /* in doubt between safe and help: need_help */
    uint32_t needs;
    bool has_case;
    int64_t registration_id;
    bool case_mistyped; /* something with the shape of a code whose check does not fit */
    bool has_people;
    int64_t people;
    struct location location;
    bool trapped;
    bool under_fire;
    bool wants_evacuation;
    bool stop;  /* STOP / ARRET and nothing that is not understood: ends broadcasts; never when help is asked for too */
    bool start; /* START: broadcasts again; likewise */
    bool asks_code; /* for the sender's own case code, and nothing else is said */
    bool left_over; /* words that no rule understood remain, or "safe" was guessed of one typed badly */
    enum sms_certainty certainty;
    char language[4]; /* likely language of the sender: "en", "fr", "ha", "dje", "ar"; "" when nothing tells */
};

/* Reads `text` (valid UTF-8, at most SMS_TEXT_MAX bytes; more is read to that). Pure, no allocation, linear time. Knows the towns of Niger. */
void sms_read(struct slice text, struct sms_reading *reading);
/* As sms_read, with the places of a crisis. A place that an operator brought hides no cry: a word that is both its name and near a cry is heard as
 * that, as a guess. */
void sms_read_in(struct slice text, const struct gazetteer *gazetteer, struct sms_reading *reading);

struct sms_danger {
    bool trapped;
    bool under_fire;
};

/* The danger that sms_read would find in `text`, and nothing else: for words that stand beside a status, in a fifth of the time. */
struct sms_danger sms_read_danger(struct slice text);

#endif
