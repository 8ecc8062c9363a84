/* SPDX-License-Identifier: Apache-2.0
 * The names of the closed lists, in the order of their enums. */
#include "domain/vocabulary.h"

#include <stddef.h>

#define LIST(names)                                                                                                    \
    {                                                                                                                  \
        (names), sizeof(names) / sizeof((names)[0])                                                                    \
    }

static const struct slice party_categories[] = {
    [CATEGORY_CITIZEN] = SLICE_INIT("citizen"),
    [CATEGORY_PERMANENT_RESIDENT] = SLICE_INIT("permanent_resident"),
    [CATEGORY_IMMEDIATE_FAMILY] = SLICE_INIT("immediate_family"),
    [CATEGORY_OTHER] = SLICE_INIT("other"),
};

static const struct slice contact_kinds[] = {
    [CONTACT_PHONE] = SLICE_INIT("phone"),
    [CONTACT_WHATSAPP] = SLICE_INIT("whatsapp"),
    [CONTACT_EMAIL] = SLICE_INIT("email"),
};

static const struct slice intents[] = {
    [INTENT_STAYING] = SLICE_INIT("staying"),
    [INTENT_LEAVING_BY_OWN_MEANS] = SLICE_INIT("leaving_by_own_means"),
    [INTENT_WANTS_EVACUATION] = SLICE_INIT("wants_evacuation"),
    [INTENT_UNDECIDED] = SLICE_INIT("undecided"),
};

static const struct slice statuses[] = {
    [STATUS_SAFE] = SLICE_INIT("safe"),       [STATUS_NEED_HELP] = SLICE_INIT("need_help"),
    [STATUS_INJURED] = SLICE_INIT("injured"), [STATUS_IN_DANGER] = SLICE_INIT("in_danger"),
    [STATUS_MOVING] = SLICE_INIT("moving"),   [STATUS_DEPARTED] = SLICE_INIT("departed"),
};

static const struct slice channels[] = {
    [CHANNEL_API] = SLICE_INIT("api"),     [CHANNEL_WEB] = SLICE_INIT("web"),       [CHANNEL_SMS] = SLICE_INIT("sms"),
    [CHANNEL_STAFF] = SLICE_INIT("staff"), [CHANNEL_HELPER] = SLICE_INIT("helper"), [CHANNEL_LIST] = SLICE_INIT("list"),
};

static const struct slice queues[] = {
    [QUEUE_EMERGENCY] = SLICE_INIT("emergency"), [QUEUE_ASSISTANCE] = SLICE_INIT("assistance"),
    [QUEUE_OVERDUE] = SLICE_INIT("overdue"),     [QUEUE_IDENTIFICATION] = SLICE_INIT("identification"),
    [QUEUE_DEPARTURE] = SLICE_INIT("departure"), [QUEUE_INQUIRY] = SLICE_INIT("inquiry"),
};

static const struct slice look_reasons[] = {
    [LOOK_CALLER] = SLICE_INIT("caller"),     [LOOK_HAND_OVER] = SLICE_INIT("hand_over"),
    [LOOK_ASKED] = SLICE_INIT("asked"),       [LOOK_SAME_PEOPLE] = SLICE_INIT("same_people"),
    [LOOK_CHECKING] = SLICE_INIT("checking"), [LOOK_OTHER] = SLICE_INIT("other"),
};

static const struct slice case_states[] = {
    [CASE_OPEN] = SLICE_INIT("open"),
    [CASE_CLAIMED] = SLICE_INIT("claimed"),
    [CASE_WAITING] = SLICE_INIT("waiting"),
    [CASE_RESOLVED] = SLICE_INIT("resolved"),
};

static const struct slice postures[] = {
    [POSTURE_NORMAL] = SLICE_INIT("normal"),
    [POSTURE_AUTHORIZED_DEPARTURE] = SLICE_INIT("authorized_departure"),
    [POSTURE_ORDERED_DEPARTURE] = SLICE_INIT("ordered_departure"),
    [POSTURE_CONTINGENCY_OPERATIONS] = SLICE_INIT("contingency_operations"),
    [POSTURE_RESTRICTED_OPERATIONS] = SLICE_INIT("restricted_operations"),
    [POSTURE_SUSPENDED_OPERATIONS] = SLICE_INIT("suspended_operations"),
};

static const struct slice needs[] = {
    [NEED_MEDICAL_EMERGENCY] = SLICE_INIT("medical_emergency"),
    [NEED_MEDICATION] = SLICE_INIT("medication"),
    [NEED_MOBILITY] = SLICE_INIT("mobility"),
    [NEED_PREGNANT] = SLICE_INIT("pregnant"),
    [NEED_INFANT] = SLICE_INIT("infant"),
    [NEED_UNACCOMPANIED_MINOR] = SLICE_INIT("unaccompanied_minor"),
    [NEED_OLDER_PERSON] = SLICE_INIT("older_person"),
    [NEED_MENTAL_HEALTH] = SLICE_INIT("mental_health"),
    [NEED_HEARING] = SLICE_INIT("hearing"),
    [NEED_VISION] = SLICE_INIT("vision"),
    [NEED_DETAINED] = SLICE_INIT("detained"),
    [NEED_VIOLENCE] = SLICE_INIT("violence"),
    [NEED_SHELTER] = SLICE_INIT("shelter"),
    [NEED_FOOD_WATER] = SLICE_INIT("food_water"),
    [NEED_MONEY] = SLICE_INIT("money"),
    [NEED_DOCUMENTS] = SLICE_INIT("documents"),
    [NEED_TRANSPORT] = SLICE_INIT("transport"),
    [NEED_PETS] = SLICE_INIT("pets"),
};
_Static_assert(sizeof(needs) / sizeof(needs[0]) == NEED_COUNT, "every need has a name");

const struct vocabulary vocabulary_party_category = LIST(party_categories);
const struct vocabulary vocabulary_contact_kind = LIST(contact_kinds);
const struct vocabulary vocabulary_intent = LIST(intents);
const struct vocabulary vocabulary_check_in_status = LIST(statuses);
const struct vocabulary vocabulary_channel = LIST(channels);
const struct vocabulary vocabulary_queue = LIST(queues);
const struct vocabulary vocabulary_case_state = LIST(case_states);
const struct vocabulary vocabulary_look_reason = LIST(look_reasons);
const struct vocabulary vocabulary_posture = LIST(postures);
const struct vocabulary vocabulary_need = LIST(needs);

struct slice vocabulary_name(const struct vocabulary *vocabulary, unsigned value)
{
    return value < vocabulary->count ? vocabulary->names[value] : (struct slice){NULL, 0};
}

bool vocabulary_find(const struct vocabulary *vocabulary, struct slice name, unsigned *value)
{
    for (unsigned i = 0; i < vocabulary->count; i++) {
        if (slice_equal(vocabulary->names[i], name)) {
            *value = i;
            return true;
        }
    }
    return false;
}
