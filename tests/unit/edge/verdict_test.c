/* SPDX-License-Identifier: Apache-2.0
 * The class a submission is counted in, by what it says: every cry is help, whatever the form it came by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "edge/verdict.h"
#include "domain/check_in_triage.h"
#include "domain/registration_triage.h"

static const int64_t now_us = INT64_C(1691000000000000); /* 2 August 2023 */

static void registrations(void **state)
{
    static const struct {
        const char *name;
        uint32_t needs;
        bool inquiry, wants_evacuation;
        enum admission_class class;
    } rows[] = {
        {"nothing", 0, false, false, ADMIT_REGISTRATION},
        {"a condition", NEED_BIT(NEED_MEDICATION) | NEED_BIT(NEED_MOBILITY), false, false, ADMIT_REGISTRATION},
        {"wants to leave", 0, false, true, ADMIT_REGISTRATION},
        {"an emergency", NEED_BIT(NEED_MEDICAL_EMERGENCY), false, false, ADMIT_HELP},
        {"detained", NEED_BIT(NEED_DETAINED), false, false, ADMIT_HELP},
        {"violence", NEED_BIT(NEED_VIOLENCE) | NEED_BIT(NEED_PETS), false, false, ADMIT_HELP},
        {"a child alone", NEED_BIT(NEED_UNACCOMPANIED_MINOR), false, false, ADMIT_HELP},
        {"a relative asks", NEED_BIT(NEED_MEDICAL_EMERGENCY), true, false, ADMIT_REGISTRATION},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct party_member member = {.needs = rows[i].needs};
        struct registration registration = {.party = &member,
                                            .party_count = 1,
                                            .has_intent = rows[i].wants_evacuation,
                                            .intent = INTENT_WANTS_EVACUATION};
        struct triage_verdict verdict =
            registration_triage(&triage_policy_default, &registration, rows[i].inquiry, now_us);
        if (verdict_class(&verdict, ADMIT_REGISTRATION) != rows[i].class) {
            fail_msg("%s: band %u", rows[i].name, (unsigned)verdict.band);
        }
    }
}

static void a_child_alone_by_its_birth_date(void **state)
{
    struct party_member members[2] = {{.has_birth_date = true, .birth_date = {2012, 3, 1}},
                                      {.has_birth_date = true, .birth_date = {1980, 3, 1}}};
    struct registration registration = {.party = members, .party_count = 1};
    (void)state;
    struct triage_verdict alone = registration_triage(&triage_policy_default, &registration, false, now_us);
    assert_int_equal(verdict_class(&alone, ADMIT_REGISTRATION), ADMIT_HELP);
    registration.party_count = 2;
    struct triage_verdict accompanied = registration_triage(&triage_policy_default, &registration, false, now_us);
    assert_int_equal(verdict_class(&accompanied, ADMIT_REGISTRATION), ADMIT_REGISTRATION);
}

static void check_ins(void **state)
{
    static const struct {
        const char *name;
        enum check_in_status status;
        uint32_t needs;
        const char *message;
        enum admission_class class;
    } rows[] = {
        {"safe", STATUS_SAFE, 0, "", ADMIT_CHECK_IN},
        {"departed", STATUS_DEPARTED, 0, "", ADMIT_CHECK_IN},
        {"help", STATUS_NEED_HELP, 0, "", ADMIT_HELP},
        {"injured", STATUS_INJURED, 0, "", ADMIT_HELP},
        {"safe, in words not", STATUS_SAFE, 0, "we are trapped in the house", ADMIT_HELP},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct check_in check_in = {
            .has_status = true, .status = rows[i].status, .needs = rows[i].needs, .message = slice_of(rows[i].message)};
        struct triage_verdict verdict = check_in_triage(&triage_policy_default, &check_in, NULL, now_us);
        if (verdict_class(&verdict, ADMIT_CHECK_IN) != rows[i].class) {
            fail_msg("%s: band %u", rows[i].name, (unsigned)verdict.band);
        }
    }
}

/* Who only says STOP or START needs nobody; who says STOP and cries is heard as ever. */
static void choices(void **state)
{
    static const struct {
        const char *text;
        bool raises;
        uint32_t choice;
    } rows[] = {
        {"STOP", false, REASON_BIT(REASON_OPTED_OUT)},
        {"arret", false, REASON_BIT(REASON_OPTED_OUT)},
        {"UNSTOP", false, REASON_BIT(REASON_OPTED_IN)},
        {"reprendre", false, REASON_BIT(REASON_OPTED_IN)},
        {"stop unstop", false, REASON_BIT(REASON_OPTED_OUT)},
        {"stop please", false, REASON_BIT(REASON_OPTED_OUT)},
        {"1 stop", false, REASON_BIT(REASON_OPTED_OUT)},
        {"2 STOP", true, 0},
        {"STOP 2", true, 0},
        {"Arrêt cardiaque", true, 0},
        {"stop breathing", true, 0},
        {"القلب توقف", true, 0},
        {"reprendre la route", true, 0},
        {"STOP K7M2Q-9QXD4", true, 0},
        {"STOP they are shooting help", true, 0},
        {"stop the bleeding he is hurt", true, 0},
        {"bonjour", true, 0},
        {"SAFE", false, 0},
    };
    const uint32_t both = REASON_BIT(REASON_OPTED_OUT) | REASON_BIT(REASON_OPTED_IN);
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sms_reading reading;
        sms_read(slice_of(rows[i].text), &reading);
        struct check_in check_in = {.has_status = reading.has_status,
                                    .status = reading.status,
                                    .needs = reading.needs,
                                    .message = slice_of(rows[i].text)};
        struct triage_verdict verdict = check_in_triage(&triage_policy_default, &check_in, &reading, now_us);
        if ((verdict.band != BAND_NONE) != rows[i].raises || (verdict.reasons & both) != rows[i].choice) {
            fail_msg("%s: band %u, reasons %x", rows[i].text, (unsigned)verdict.band, (unsigned)verdict.reasons);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registrations),
        cmocka_unit_test(a_child_alone_by_its_birth_date),
        cmocka_unit_test(check_ins),
        cmocka_unit_test(choices),
    };
    return cmocka_run_group_tests_name("edge.verdict", tests, NULL, NULL);
}
