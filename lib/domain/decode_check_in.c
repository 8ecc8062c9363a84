/* SPDX-License-Identifier: Apache-2.0
 * The members of a check-in. */
#include "domain/decode_submission.h"

#include <math.h>

static void decode_client_id(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                             void *target)
{
    struct check_in *c = target;
    /* one that is there but wrong is one fault, not also a missing one */
    c->has_client_id = true;
    (void)decode_uuid(decoder, tree, path, &c->client_id);
}

static void decode_status(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                          void *target)
{
    struct check_in *c = target;
    unsigned value = STATUS_SAFE;
    c->has_status = true;
    if (decode_word(decoder, tree, path, &vocabulary_check_in_status, &value)) {
        c->status = (enum check_in_status)value;
    }
}

static void decode_people(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                          void *target)
{
    struct check_in *c = target;
    double value = 0;
    if (!decode_number(decoder, tree, path, &value)) {
        return;
    }
    if (value != floor(value) || value < 1 || value > PEOPLE_MAX) {
        decode_fault(decoder, FIELD_OUT_OF_RANGE, path);
        return;
    }
    c->has_people = true;
    c->people = (int64_t)value;
}

void decode_check_in(struct decoder *decoder, const struct tree *tree, struct check_in *check_in)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("client_id"), decode_client_id, 0},
        {SLICE_INIT("case"), decode_text, offsetof(struct check_in, case_code)},
        {SLICE_INIT("phone"), decode_text, offsetof(struct check_in, phone)},
        {SLICE_INIT("status"), decode_status, 0},
        {SLICE_INIT("needs"), decode_needs, offsetof(struct check_in, needs)},
        {SLICE_INIT("people"), decode_people, 0},
        {SLICE_INIT("location"), decode_location, offsetof(struct check_in, location)},
        {SLICE_INIT("message"), decode_text, offsetof(struct check_in, message)},
        {SLICE_INIT("reporter"), reporter_decode, offsetof(struct check_in, reporter)},
        {SLICE_INIT("at"), decode_text, offsetof(struct check_in, at_text)},
    };
    decode_object(decoder, tree, NULL, members, sizeof(members) / sizeof(members[0]), check_in);
}
