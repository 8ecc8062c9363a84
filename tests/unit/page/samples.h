/* SPDX-License-Identifier: Apache-2.0
 * Every page, with invented data: what the tests look at. */
#ifndef TESTS_PAGE_SAMPLES_H
#define TESTS_PAGE_SAMPLES_H

#include <stddef.h>

#include "core/buffer.h"
#include "page/citizen.h"
#include "page/desk.h"
#include "page/desk_account.h"

#define SAMPLE_TIME INT64_C(1690995845000000) /* 2023-08-02T17:04:05Z */

static const struct crisis_view sample_crisis = {
    .id = SLICE_INIT("ner-2023"),
    .country_code = SLICE_INIT("NE"),
    .country_name = SLICE_INIT("Niger"),
    .post_name = SLICE_INIT("Niamey"),
    .posture = POSTURE_ORDERED_DEPARTURE,
    .advisory_level = 4,
    .routine_services = SLICE_INIT("suspended"),
    .emergency_services = SLICE_INIT("open"),
    .routine_elsewhere = SLICE_INIT("suspended"),
    .emergency_elsewhere = SLICE_INIT("remote"),
    .evacuation = SLICE_INIT("commercial_options"),
    .message = SLICE_INIT(
        "The embassy in Niamey stays open for emergency help to citizens. Tell us where you are and how you are, "
        "whether you stay or go."),
    .message_language = SLICE_INIT("en"),
    .updated_at_us = SAMPLE_TIME,
    .emergency_phone = SLICE_INIT("+22790000000"),
};

static struct form_pair sample_pairs[] = {
    {SLICE_INIT("client_id"), SLICE_INIT("123e4567-e89b-42d3-a456-426614174000")},
    {SLICE_INIT("party/0/family_name"), SLICE_INIT("\"><script>alert(1)</script><b x='")},
    {SLICE_INIT("party/0/given_names"), SLICE_INIT("Amina & Co")},
    {SLICE_INIT("party/0/birth_date"), SLICE_INIT("30 February")},
    {SLICE_INIT("party/0/needs"), SLICE_INIT("medication")},
    {SLICE_INIT("party/0/needs"), SLICE_INIT("pregnant")},
    {SLICE_INIT("party/1/given_names"), SLICE_INIT("Issa")},
    {SLICE_INIT("contacts/0/value"), SLICE_INIT("call me")},
    {SLICE_INIT("contacts/0/kind"), SLICE_INIT("whatsapp")},
    {SLICE_INIT("intent"), SLICE_INIT("undecided")},
    {SLICE_INIT("consent/family"), SLICE_INIT("true")},
    {SLICE_INIT("case"), SLICE_INIT("K7M2Q-9QXD5")},
    {SLICE_INIT("status"), SLICE_INIT("injured")},
    {SLICE_INIT("needs"), SLICE_INIT("medical_emergency")},
    {SLICE_INIT("message"), SLICE_INIT("two of us </textarea> hurt")},
};
static const struct form sample_values = {sample_pairs, sizeof(sample_pairs) / sizeof(sample_pairs[0])};

static inline void sample_errors(struct field_errors *errors)
{
    *errors = (struct field_errors){.count = 0};
    field_error_add(errors, FIELD_NOT_A_DATE, "party/0/birth_date");
    field_error_add(errors, FIELD_NOT_A_PHONE, "contacts/0/value");
    field_error_add(errors, FIELD_NOT_A_VALUE, "party/0/needs/1");
    field_error_add(errors, FIELD_CASE_MISTYPED, "case");
    field_error_add_limit(errors, FIELD_TOO_LONG, 2000, "message");
}

struct sample {
    const char *name;
    void (*write)(struct buffer *out, const struct page_request *request);
};

static const struct assembly_point sample_points[] = {
    {SLICE_INIT("ner-2023"), SLICE_INIT("Stade & Co <b>"), 13.5137, 2.1098},
    {SLICE_INIT("ner-2023"), SLICE_INIT("Dosso, école"), 13.0490, 3.1937},
};

static inline void sample_home_points(struct buffer *out, const struct page_request *request)
{
    struct crisis_view crisis = sample_crisis;
    crisis.assembly = sample_points;
    crisis.assembly_count = 2;
    page_home(out, request, &crisis);
}

static inline void sample_home(struct buffer *out, const struct page_request *request)
{
    page_home(out, request, &sample_crisis);
}

static inline void sample_choose(struct buffer *out, const struct page_request *request)
{
    struct crisis_view crises[2] = {sample_crisis, sample_crisis};
    crises[1].id = SLICE("sdn-2023");
    crises[1].country_name = SLICE("Sudan");
    page_choose(out, request, crises, 2);
}

static inline void sample_choose_none(struct buffer *out, const struct page_request *request)
{
    page_choose(out, request, NULL, 0);
}

static inline void sample_register(struct buffer *out, const struct page_request *request)
{
    page_register_form(out, request, &sample_crisis, NULL, NULL);
}

static inline void sample_register_wrong(struct buffer *out, const struct page_request *request)
{
    struct field_errors errors;
    sample_errors(&errors);
    page_register_form(out, request, &sample_crisis, &sample_values, &errors);
}

static inline void sample_step(struct buffer *out, const struct page_request *request, enum page_step step)
{
    struct field_errors errors = {.count = 0};
    const struct register_step_view view = {
        .stage = {step, step == PAGE_STEP_WITH ? 1 : 0},
        .checking = step == PAGE_STEP_BIRTH,
        .sent = true,
        .values = &sample_values,
        .errors = &errors,
        .people = 3,
        .phone = SLICE("90 12 34 56"),
    };
    if (step == PAGE_STEP_BIRTH) {
        field_error_add(&errors, FIELD_NOT_A_DATE, "party/0/birth_date");
    }
    page_register_step(out, request, &sample_crisis, &view);
}

#define SAMPLE_STEP(name, step)                                                                                        \
    static inline void sample_step_##name(struct buffer *out, const struct page_request *request)                      \
    {                                                                                                                  \
        sample_step(out, request, step);                                                                               \
    }
SAMPLE_STEP(name, PAGE_STEP_NAME)
SAMPLE_STEP(where, PAGE_STEP_WHERE)
SAMPLE_STEP(with, PAGE_STEP_WITH)
SAMPLE_STEP(needs, PAGE_STEP_NEEDS)
SAMPLE_STEP(plan, PAGE_STEP_PLAN)
SAMPLE_STEP(birth, PAGE_STEP_BIRTH)
SAMPLE_STEP(papers, PAGE_STEP_PAPERS)
SAMPLE_STEP(reach, PAGE_STEP_REACH)
SAMPLE_STEP(emergency, PAGE_STEP_EMERGENCY)
SAMPLE_STEP(consent, PAGE_STEP_CONSENT)
SAMPLE_STEP(check, PAGE_STEP_CHECK)

static inline void sample_place_map(struct buffer *out, const struct page_request *request)
{
    page_place_map(out, request, &sample_crisis, gazetteer_of_country(SLICE("NE")), &sample_values, true);
}

static const struct slice sample_towns[] = {SLICE_INIT("Dosso"), SLICE_INIT("Dogondoutchi")};

static inline void sample_place_near(struct buffer *out, const struct page_request *request)
{
    const struct place_choices_view view = {
        .lat = SLICE("13.05"), .lon = SLICE("3.19"), .names = sample_towns, .count = 2};
    page_place_choices(out, request, &sample_crisis, &sample_values, &view);
}

static inline void sample_place_which(struct buffer *out, const struct page_request *request)
{
    const struct place_choices_view view = {.typed = SLICE("Do<b>"), .names = sample_towns, .count = 2};
    page_place_choices(out, request, &sample_crisis, &sample_values, &view);
}

static inline void sample_registered(struct buffer *out, const struct page_request *request)
{
    const struct registered_view view = {SLICE("K7M2Q-9QXD4"), SLICE("7HJK-M2QP-9XDE-44TZ"), true,
                                         SAMPLE_TIME + INT64_C(86400000000), SLICE("90 12 34 56")};
    page_registered(out, request, &sample_crisis, &view);
}

static inline void sample_check_in(struct buffer *out, const struct page_request *request)
{
    static struct form_pair pairs[] = {{SLICE_INIT("status"), SLICE_INIT("need_help")}};
    static const struct form query = {pairs, 1};
    page_check_in_form(out, request, &sample_crisis, &query, NULL);
}

static inline void sample_check_in_wrong(struct buffer *out, const struct page_request *request)
{
    struct field_errors errors;
    sample_errors(&errors);
    page_check_in_form(out, request, NULL, &sample_values, &errors);
}

static inline void sample_checked_in(struct buffer *out, const struct page_request *request)
{
    const struct checked_in_view view = {.receipt = SLICE("123e4567-e89b-42d3-a456-426614174000"),
                                         .band = 1,
                                         .status = STATUS_IN_DANGER,
                                         .phone = SLICE("90 12 34 56"),
                                         .sender_phone = SLICE("90123456"),
                                         .assembly = {.way = {&sample_points[1], 400, BEARING_S}},
                                         .typed = SLICE("Do"),
                                         .names = sample_towns,
                                         .count = 2};
    page_checked_in(out, request, &sample_crisis, &view);
}

static inline void sample_checked_in_safe(struct buffer *out, const struct page_request *request)
{
    const struct checked_in_view view = {
        .receipt = SLICE("123e4567-e89b-42d3-a456-426614174000"), .via_journal = true, .status = STATUS_SAFE};
    page_checked_in(out, request, NULL, &view);
}

static inline void sample_status_form(struct buffer *out, const struct page_request *request)
{
    page_status_form(out, request, NULL, &sample_values, NULL, true);
}

static inline void sample_status(struct buffer *out, const struct page_request *request)
{
    const struct own_status_view view = {.case_code = SLICE("K7M2Q-9QXD4"),
                                         .people = 4,
                                         .registered_us = SAMPLE_TIME,
                                         .check_in_by_us = SAMPLE_TIME + INT64_C(86400000000),
                                         .last_status = SLICE("need_help"),
                                         .last_check_in_us = SAMPLE_TIME + 60000000,
                                         .case_state = SLICE("claimed"),
                                         .received_us = SAMPLE_TIME + 60000000,
                                         .read_us = SAMPLE_TIME + 360000000,
                                         .assembly = {.way = {&sample_points[0], 58000, BEARING_NW}, .by_cell = true}};
    page_status(out, request, &sample_crisis, &view);
}

static inline void sample_status_quiet(struct buffer *out, const struct page_request *request)
{
    const struct own_status_view view = {
        .case_code = SLICE("K7M2Q-9QXD4"), .people = 1, .registered_us = SAMPLE_TIME, .check_in_by_us = SAMPLE_TIME};
    page_status(out, request, NULL, &view);
}

static inline void sample_find(struct buffer *out, const struct page_request *request)
{
    page_find_form(out, request, &sample_crisis, NULL, NULL);
}

static inline void sample_found(struct buffer *out, const struct page_request *request)
{
    page_found(out, request, &sample_crisis, SLICE("123e4567-e89b-42d3-a456-426614174000"));
}

static inline void sample_alerts(struct buffer *out, const struct page_request *request)
{
    page_alerts(out, request, &sample_crisis);
}

static inline void sample_privacy(struct buffer *out, const struct page_request *request)
{
    page_privacy(out, request, NULL);
}

static inline void sample_error(struct buffer *out, const struct page_request *request)
{
    page_error(out, request, &sample_crisis, 503, NULL);
}

static inline void sample_error_conflict(struct buffer *out, const struct page_request *request)
{
    page_error(out, request, NULL, 409, "problem.client_id_reused.detail");
}

static inline void sample_sign_in(struct buffer *out, const struct page_request *request)
{
    const struct desk_sign_in_view view = {
        .csrf = SLICE("0123"), .user = SLICE("officer.1"), .problem_key = "sign_in.failed"};
    page_desk_sign_in(out, request, &view);
}

static inline void sample_console(struct buffer *out, const struct page_request *request)
{
    const struct desk_console_view view = {
        .user = SLICE("</script><b>"), .role = SLICE("officer"), .csrf = SLICE("0123")};
    page_desk(out, request, &view, DESK_PAGE_CONSOLE);
}

static inline void sample_broadcasts(struct buffer *out, const struct page_request *request)
{
    const struct desk_console_view view = {
        .user = SLICE("</script><b>"), .role = SLICE("officer"), .csrf = SLICE("0123")};
    page_desk(out, request, &view, DESK_PAGE_BROADCASTS);
}

static inline void sample_account(struct buffer *out, const struct page_request *request)
{
    static const struct slice codes[] = {SLICE_INIT("abcde-fghjk")};
    const struct desk_account_view view = {.user = SLICE("officer.1"),
                                           .role = SLICE("officer"),
                                           .csrf = SLICE("0123"),
                                           .enrolled = true,
                                           .codes = codes,
                                           .code_count = 1,
                                           .codes_left = 1};
    page_desk_account(out, request, &view);
}

static inline void sample_account_square(struct buffer *out, const struct page_request *request)
{
    const struct desk_account_view view = {.user = SLICE("officer.1"),
                                           .role = SLICE("officer"),
                                           .csrf = SLICE("0123"),
                                           .due = true,
                                           .problem_key = "account.code_wrong",
                                           .secret = SLICE("ABCDEFGH"),
                                           .uri = SLICE("otpauth://totp/Muster:officer.1?secret=ABCDEFGH")};
    page_desk_account(out, request, &view);
}

static const struct sample samples[] = {
    {"home_points", sample_home_points},
    {"home", sample_home},
    {"choose", sample_choose},
    {"choose_none", sample_choose_none},
    {"register", sample_register},
    {"register_wrong", sample_register_wrong},
    {"step_name", sample_step_name},
    {"step_where", sample_step_where},
    {"step_with", sample_step_with},
    {"step_needs", sample_step_needs},
    {"step_plan", sample_step_plan},
    {"step_birth", sample_step_birth},
    {"step_papers", sample_step_papers},
    {"step_reach", sample_step_reach},
    {"step_emergency", sample_step_emergency},
    {"step_consent", sample_step_consent},
    {"step_check", sample_step_check},
    {"place_map", sample_place_map},
    {"place_near", sample_place_near},
    {"place_which", sample_place_which},
    {"registered", sample_registered},
    {"check_in", sample_check_in},
    {"check_in_wrong", sample_check_in_wrong},
    {"checked_in", sample_checked_in},
    {"checked_in_safe", sample_checked_in_safe},
    {"status_form", sample_status_form},
    {"status", sample_status},
    {"status_quiet", sample_status_quiet},
    {"find", sample_find},
    {"found", sample_found},
    {"alerts", sample_alerts},
    {"privacy", sample_privacy},
    {"forgotten", page_forgotten},
    {"error", sample_error},
    {"error_conflict", sample_error_conflict},
    {"sign_in", sample_sign_in},
    {"console", sample_console},
    {"broadcasts", sample_broadcasts},
    {"account", sample_account},
    {"account_square", sample_account_square},
};
enum { SAMPLE_COUNT = sizeof(samples) / sizeof(samples[0]) };

#endif
