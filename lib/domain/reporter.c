/* SPDX-License-Identifier: Apache-2.0
 * The members of a reporter, and what is wrong with them. */
#include "domain/reporter.h"

#include "domain/field_check.h"
#include "domain/phone.h"
#include "domain/registration.h"

void reporter_decode(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *target)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("name"), decode_text, offsetof(struct reporter, name)},
        {SLICE_INIT("relation"), decode_text, offsetof(struct reporter, relation)},
        {SLICE_INIT("phone"), decode_text, offsetof(struct reporter, phone)},
        {SLICE_INIT("email"), decode_text, offsetof(struct reporter, email)},
    };
    ((struct reporter *)target)->given = true;
    decode_object(decoder, tree, path, members, sizeof(members) / sizeof(members[0]), target);
}

static void check_phone(struct slice phone, const char *country, struct field_errors *errors)
{
    char e164[PHONE_E164_SIZE];
    if (field_check_line(phone, SHORT_TEXT_MAX_CHARACTERS, "reporter/phone", errors) &&
        !phone_normalise(phone, country, e164)) {
        field_error_add(errors, FIELD_NOT_A_PHONE, "reporter/phone");
    }
}

void reporter_validate(const struct reporter *reporter, const char *country, struct field_errors *errors)
{
    bool has_phone = !field_check_is_blank(reporter->phone);
    bool has_email = !field_check_is_blank(reporter->email);
    if (!reporter->given) {
        return;
    }
    if (field_check_is_blank(reporter->name) && !has_phone && !has_email) {
        field_check_missing("reporter/name", errors);
    }
    (void)field_check_line(reporter->name, NAME_MAX_CHARACTERS, "reporter/name", errors);
    (void)field_check_line(reporter->relation, SHORT_TEXT_MAX_CHARACTERS, "reporter/relation", errors);
    if (has_phone) {
        check_phone(reporter->phone, country, errors);
    }
    if (has_email) {
        (void)field_check_email(reporter->email, "reporter/email", errors);
    }
}
