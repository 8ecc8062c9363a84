/* SPDX-License-Identifier: Apache-2.0
 * The closed lists of words that the register uses, each an enum and the name it has in JSON, SQL, forms and logs.
 * Source: the domain page of the design; Manchester triage bands; Foreign Affairs Manual post status. */
#ifndef DOMAIN_VOCABULARY_H
#define DOMAIN_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

enum party_category { CATEGORY_CITIZEN, CATEGORY_PERMANENT_RESIDENT, CATEGORY_IMMEDIATE_FAMILY, CATEGORY_OTHER };
enum contact_kind { CONTACT_PHONE, CONTACT_WHATSAPP, CONTACT_EMAIL };
enum intent { INTENT_STAYING, INTENT_LEAVING_BY_OWN_MEANS, INTENT_WANTS_EVACUATION, INTENT_UNDECIDED };
enum check_in_status {
    STATUS_SAFE,
    STATUS_NEED_HELP,
    STATUS_INJURED,
    STATUS_IN_DANGER,
    STATUS_MOVING,
    STATUS_DEPARTED
};
/* HELPER: somebody told it for them; LIST: a warden's or an employer's list did. */
enum channel { CHANNEL_API, CHANNEL_WEB, CHANNEL_SMS, CHANNEL_STAFF, CHANNEL_HELPER, CHANNEL_LIST };
enum queue { QUEUE_EMERGENCY, QUEUE_ASSISTANCE, QUEUE_OVERDUE, QUEUE_IDENTIFICATION, QUEUE_DEPARTURE, QUEUE_INQUIRY };
enum case_state { CASE_OPEN, CASE_CLAIMED, CASE_WAITING, CASE_RESOLVED };
/* Why somebody opens a case that asks for it. */
enum look_reason { LOOK_CALLER, LOOK_HAND_OVER, LOOK_ASKED, LOOK_SAME_PEOPLE, LOOK_CHECKING, LOOK_OTHER };
enum posture {
    POSTURE_NORMAL,
    POSTURE_AUTHORIZED_DEPARTURE,
    POSTURE_ORDERED_DEPARTURE,
    POSTURE_CONTINGENCY_OPERATIONS,
    POSTURE_RESTRICTED_OPERATIONS,
    POSTURE_SUSPENDED_OPERATIONS,
};
enum need {
    NEED_MEDICAL_EMERGENCY,
    NEED_MEDICATION,
    NEED_MOBILITY,
    NEED_PREGNANT,
    NEED_INFANT,
    NEED_UNACCOMPANIED_MINOR,
    NEED_OLDER_PERSON,
    NEED_MENTAL_HEALTH,
    NEED_HEARING,
    NEED_VISION,
    NEED_DETAINED,
    NEED_VIOLENCE,
    NEED_SHELTER,
    NEED_FOOD_WATER,
    NEED_MONEY,
    NEED_DOCUMENTS,
    NEED_TRANSPORT,
    NEED_PETS,
    NEED_COUNT,
};
#define NEED_BIT(need) (UINT32_C(1) << (need))

/* Each list: its length, the name of a value (static, never empty for a value in range), and the value of a name.
 * Reading is exact: lower case, as in the contract. */
struct vocabulary {
    const struct slice *names;
    unsigned count;
};
extern const struct vocabulary vocabulary_party_category, vocabulary_contact_kind, vocabulary_intent,
    vocabulary_check_in_status, vocabulary_channel, vocabulary_queue, vocabulary_case_state, vocabulary_look_reason,
    vocabulary_posture, vocabulary_need;

/* The empty slice when `value` is out of range. */
struct slice vocabulary_name(const struct vocabulary *vocabulary, unsigned value);
bool vocabulary_find(const struct vocabulary *vocabulary, struct slice name, unsigned *value);

#endif
