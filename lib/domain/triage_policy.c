/* SPDX-License-Identifier: Apache-2.0
 * Limits by the default policy: what it takes for a cry for help stays one. */
#include "domain/triage_policy.h"

static const unsigned minutes_most[BAND_COUNT] = {[BAND_IMMEDIATE] = 5,
                                                  [BAND_VERY_URGENT] = 30,
                                                  [BAND_URGENT] = 120,
                                                  [BAND_STANDARD] = 480,
                                                  [BAND_NON_URGENT] = 1440};

/* Urgent by default, and yet no cry: nobody asked for anything. */
static bool is_cry(enum triage_reason reason)
{
    return triage_policy_default.band_of[reason] != BAND_NONE && triage_policy_default.band_of[reason] <= BAND_URGENT &&
           reason != REASON_MOVING && reason != REASON_OVERDUE_IN_DANGER_ZONE && reason != REASON_IN_DANGER_ZONE;
}

unsigned triage_policy_band_most(enum triage_reason reason)
{
    if (triage_policy_default.band_of[reason] == BAND_NONE) {
        return BAND_NONE;
    }
    return is_cry(reason) ? BAND_URGENT : BAND_NON_URGENT;
}

unsigned triage_policy_minutes_most(unsigned band)
{
    return band < BAND_COUNT ? minutes_most[band] : 0;
}

/* --- what a lead says ------------------------------------------------------------------------------------------------------ */

static void decode_band(const struct tree *said, struct triage_policy *policy, struct field_errors *errors)
{
    unsigned reason = 0;
    if (!vocabulary_find(&vocabulary_triage_reason, said->name, &reason) ||
        triage_policy_band_most((enum triage_reason)reason) == BAND_NONE) {
        field_error_add(errors, FIELD_UNKNOWN, "reasons/%.*s", (int)(said->name.length < 40 ? said->name.length : 40),
                        said->name.data);
    } else if (said->kind != TREE_INTEGER) {
        field_error_add(errors, FIELD_WRONG_TYPE, "reasons/%s",
                        vocabulary_name(&vocabulary_triage_reason, reason).data);
    } else if (said->integer < BAND_IMMEDIATE || said->integer > BAND_NON_URGENT) {
        field_error_add(errors, FIELD_OUT_OF_RANGE, "reasons/%s",
                        vocabulary_name(&vocabulary_triage_reason, reason).data);
    } else if (said->integer > triage_policy_band_most((enum triage_reason)reason)) {
        field_error_add(errors, FIELD_CRY_FOR_HELP, "reasons/%s",
                        vocabulary_name(&vocabulary_triage_reason, reason).data);
    } else {
        policy->band_of[reason] = (uint8_t)said->integer;
    }
}

static void decode_minutes(const struct tree *said, struct triage_policy *policy, struct field_errors *errors)
{
    uint64_t band = 0;
    if (!slice_to_u64(said->name, BAND_NON_URGENT, &band) || band < BAND_IMMEDIATE) {
        field_error_add(errors, FIELD_UNKNOWN, "answer_minutes/%.*s",
                        (int)(said->name.length < 40 ? said->name.length : 40), said->name.data);
    } else if (said->kind != TREE_INTEGER) {
        field_error_add(errors, FIELD_WRONG_TYPE, "answer_minutes/%u", (unsigned)band);
    } else if (said->integer < 0 || said->integer > minutes_most[band]) {
        field_error_add(errors, FIELD_OUT_OF_RANGE, "answer_minutes/%u", (unsigned)band);
    } else {
        policy->answer_minutes[band] = (uint16_t)said->integer;
    }
}

static void decode_check_ins(const struct tree *said, struct triage_policy *policy, struct field_errors *errors)
{
    bool is_interval = slice_equal(said->name, SLICE("danger_minutes"));
    if (is_interval && said->kind == TREE_NULL) {
        policy->danger_check_in_minutes = 0;
    } else if (is_interval && said->kind == TREE_INTEGER) {
        if (said->integer < DANGER_MINUTES_LEAST || said->integer > DANGER_MINUTES_MOST) {
            field_error_add(errors, FIELD_OUT_OF_RANGE, "check_ins/danger_minutes");
        } else {
            policy->danger_check_in_minutes = (uint16_t)said->integer;
        }
    } else if (slice_equal(said->name, SLICE("texts_at_night")) &&
               (said->kind == TREE_TRUE || said->kind == TREE_FALSE)) {
        policy->texts_at_night = said->kind == TREE_TRUE;
    } else {
        bool known = is_interval || slice_equal(said->name, SLICE("texts_at_night"));
        field_error_add(errors, known ? FIELD_WRONG_TYPE : FIELD_UNKNOWN, "check_ins/%.*s",
                        (int)(said->name.length < 40 ? said->name.length : 40), said->name.data);
    }
}

static void
decode_members(const struct tree *object, const char *name, struct triage_policy *policy, struct field_errors *errors,
               void (*decode)(const struct tree *said, struct triage_policy *policy, struct field_errors *errors))
{
    if (object->kind != TREE_OBJECT) {
        field_error_add(errors, FIELD_WRONG_TYPE, "%s", name);
        return;
    }
    for (const struct tree *said = object->children.first; said != NULL; said = said->next) {
        decode(said, policy, errors);
    }
}

static void require_all(const struct tree *tree, struct field_errors *errors)
{
    const struct tree *reasons = tree_member(tree, SLICE("reasons"));
    const struct tree *minutes = tree_member(tree, SLICE("answer_minutes"));
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        struct slice name = vocabulary_name(&vocabulary_triage_reason, i);
        if (triage_policy_band_most((enum triage_reason)i) != BAND_NONE &&
            (reasons == NULL || tree_member(reasons, name) == NULL)) {
            field_error_add(errors, FIELD_MISSING, "reasons/%s", name.data);
        }
    }
    for (unsigned band = BAND_IMMEDIATE; band < BAND_COUNT; band++) {
        char digit = (char)('0' + band);
        if (minutes == NULL || tree_member(minutes, slice_make(&digit, 1)) == NULL) {
            field_error_add(errors, FIELD_MISSING, "answer_minutes/%u", band);
        }
    }
}

void triage_policy_decode(const struct tree *tree, bool whole, struct triage_policy *policy,
                          struct field_errors *errors)
{
    for (const struct tree *said = tree->children.first; said != NULL; said = said->next) {
        if (slice_equal(said->name, SLICE("reasons"))) {
            decode_members(said, "reasons", policy, errors, decode_band);
        } else if (slice_equal(said->name, SLICE("answer_minutes"))) {
            decode_members(said, "answer_minutes", policy, errors, decode_minutes);
        } else if (slice_equal(said->name, SLICE("check_ins"))) {
            decode_members(said, "check_ins", policy, errors, decode_check_ins);
        } else {
            field_error_add(errors, FIELD_UNKNOWN, "%.*s", (int)(said->name.length < 40 ? said->name.length : 40),
                            said->name.data);
        }
    }
    if (whole) {
        require_all(tree, errors);
    }
    for (unsigned band = BAND_VERY_URGENT; errors->count == 0 && band < BAND_COUNT; band++) {
        if (policy->answer_minutes[band] < policy->answer_minutes[band - 1]) { /* the more urgent is answered first */
            field_error_add(errors, FIELD_OUT_OF_RANGE, "answer_minutes/%u", band);
        }
    }
}

/* --- as it is kept ----------------------------------------------------------------------------------------------------------- */

void triage_policy_read(struct slice bands, struct slice minutes, struct triage_policy *policy)
{
    struct slice word;
    uint64_t number = 0;
    *policy = triage_policy_default;
    for (unsigned i = 0; i < REASON_COUNT && slice_split(&bands, ' ', &word); i++) {
        if (slice_to_u64(word, BAND_NON_URGENT, &number) && number >= BAND_IMMEDIATE &&
            number <= triage_policy_band_most((enum triage_reason)i)) {
            policy->band_of[i] = (uint8_t)number;
        }
    }
    for (unsigned band = BAND_IMMEDIATE; band < BAND_COUNT && slice_split(&minutes, ' ', &word); band++) {
        if (slice_to_u64(word, minutes_most[band], &number)) {
            policy->answer_minutes[band] = (uint16_t)number;
        }
    }
}

void triage_policy_read_check_ins(int64_t danger_minutes, bool texts_at_night, struct triage_policy *policy)
{
    bool fits = danger_minutes >= DANGER_MINUTES_LEAST && danger_minutes <= DANGER_MINUTES_MOST;
    policy->danger_check_in_minutes = fits ? (uint16_t)danger_minutes : 0;
    policy->texts_at_night = texts_at_night;
}

void triage_policy_merge(struct triage_policy *policy, const struct triage_policy *other)
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        policy->band_of[i] = other->band_of[i] < policy->band_of[i] ? other->band_of[i] : policy->band_of[i];
    }
    for (unsigned band = BAND_IMMEDIATE; band < BAND_COUNT; band++) {
        if (other->answer_minutes[band] < policy->answer_minutes[band]) {
            policy->answer_minutes[band] = other->answer_minutes[band];
        }
    }
}

/* --- what it would move ---------------------------------------------------------------------------------------------------- */

void triage_policy_weigh(const struct triage_policy *before, const struct triage_policy *after, uint32_t reasons,
                         unsigned band, int64_t cases, struct policy_effect *effect)
{
    unsigned to = triage_judge(after, reasons, false, 0).band;
    if (band < BAND_IMMEDIATE || band >= BAND_COUNT) {
        return;
    }
    effect->open += cases;
    if (to != band) {
        effect->moved[band][to] += cases;
    } else if (before->answer_minutes[band] != after->answer_minutes[band]) {
        effect->other_answer_by += cases;
    }
}
