/* SPDX-License-Identifier: Apache-2.0
 * What is wrong with a check-in, all of it. */
#include "domain/check_in.h"

#include "core/case_code.h"
#include "core/clock.h"
#include "domain/field_check.h"
#include "domain/phone.h"
#include "domain/registration.h"

_Static_assert(sizeof(((struct check_in *)NULL)->e164) == PHONE_E164_SIZE, "a check-in holds a number");

static void check_case(struct check_in *check_in, struct field_errors *errors)
{
    switch (case_code_parse(slice_trim(check_in->case_code), &check_in->registration_id)) {
    case CASE_CODE_OK:
        check_in->has_registration_id = true;
        break;
    case CASE_CODE_MISTYPED:
        field_error_add(errors, FIELD_CASE_MISTYPED, "case");
        break;
    case CASE_CODE_SHAPE:
        field_error_add(errors, FIELD_NOT_A_CASE, "case");
        break;
    }
}

static void check_phone(struct check_in *check_in, const char *country, struct field_errors *errors)
{
    if (field_check_line(check_in->phone, SHORT_TEXT_MAX_CHARACTERS, "phone", errors) &&
        !phone_normalise(check_in->phone, country, check_in->e164)) {
        field_error_add(errors, FIELD_NOT_A_PHONE, "phone");
    }
}

static void check_sender(struct check_in *check_in, const char *country, struct field_errors *errors)
{
    bool has_case = !field_check_is_blank(check_in->case_code);
    bool has_phone = !field_check_is_blank(check_in->phone);
    bool told = field_error_find(errors, "case") != NULL || field_error_find(errors, "phone") != NULL;
    check_in->has_registration_id = false;
    check_in->e164[0] = '\0';
    if (has_case == has_phone && !told) {
        field_error_add(errors, FIELD_EITHER_OR, "case");
    }
    if (has_case) {
        check_case(check_in, errors);
    }
    if (has_phone) {
        check_phone(check_in, country, errors);
    }
}

bool check_in_validate(struct check_in *check_in, const char *country, struct field_errors *errors)
{
    if (!check_in->has_client_id) {
        field_check_missing("client_id", errors);
    }
    check_sender(check_in, country, errors);
    if (!check_in->has_status) {
        field_check_missing("status", errors);
    }
    if (check_in->has_people && (check_in->people < 1 || check_in->people > PEOPLE_MAX)) {
        field_error_add(errors, FIELD_OUT_OF_RANGE, "people");
    }
    location_validate(&check_in->location, "location", errors);
    reporter_validate(&check_in->reporter, country, errors);
    (void)field_check_text(check_in->message, MESSAGE_MAX_CHARACTERS, "message", errors);
    check_in->has_at = check_in->at_text.length > 0 && time_parse(check_in->at_text, &check_in->at_us);
    if (check_in->at_text.length > 0 && !check_in->has_at) {
        field_error_add(errors, FIELD_NOT_A_TIME, "at");
    }
    return errors->count == 0;
}
