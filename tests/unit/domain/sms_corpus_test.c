/* SPDX-License-Identifier: Apache-2.0
 * What the reader hears in a corpus of invented messages, in the languages and spellings people use in distress; that it
 * hears every cry for help among them, and how many false alarms that costs. Nobody in them exists; the towns do. */
#include "domain/sms.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "domain/triage.h"

enum { NONE = -1, SAFE = STATUS_SAFE, HELP = STATUS_NEED_HELP, HURT = STATUS_INJURED, DANGER = STATUS_IN_DANGER };
enum { MOVING = STATUS_MOVING, DEPARTED = STATUS_DEPARTED };
/* Flags of a reading, as letters would be too easy to misread. */
enum { TRAPPED = 1, FIRE = 2, OUT = 4, STOPS = 8, MORE = 16 /* left_over */, ANYTHING = 32 /* left_over not judged */ };
/* The status is what a person hears; the reader takes the message for a cry, which is how it must err. */
enum { LOUD = 64 };

#define N(need) NEED_BIT(NEED_##need)

static const struct message {
    const char *text;
    int status;
    uint32_t needs;
    unsigned flags;
    int people;           /* 0: not read */
    const char *language; /* NULL: not judged */
} messages[] = {
#include "sms_messages.inc"
#include "sms_messages_ar.inc"
#include "sms_messages_dje.inc"
#include "sms_messages_en.inc"
#include "sms_messages_fr.inc"
#include "sms_messages_ha.inc"
#include "sms_messages_mixed.inc"
};
static const struct located {
    const char *text;
    int status;
    double lat;
    double lon;
    int64_t registration_id; /* 0: none */
    const char *place;
} located[] = {
#include "sms_messages_where.inc"
};
enum { MESSAGE_COUNT = sizeof(messages) / sizeof(messages[0]), LOCATED_COUNT = sizeof(located) / sizeof(located[0]) };
enum { CORPUS_COUNT = MESSAGE_COUNT + LOCATED_COUNT, CORPUS_MIN = 420 };

static struct sms_reading read_text(const char *text)
{
    struct sms_reading reading;
    struct sms_danger danger = sms_read_danger(slice_of(text));
    sms_read(slice_of(text), &reading);
    assert_true(danger.trapped == reading.trapped && danger.under_fire == reading.under_fire);
    return reading;
}

static int status_of(const struct sms_reading *r)
{
    return r->has_status ? (int)r->status : NONE;
}

static unsigned flags_of(const struct sms_reading *r)
{
    return (r->trapped ? TRAPPED : 0U) | (r->under_fire ? FIRE : 0U) | (r->wants_evacuation ? OUT : 0U) |
           (r->stop ? STOPS : 0U) | (r->left_over ? MORE : 0U);
}

static bool is_help(int status)
{
    return status == HELP || status == HURT || status == DANGER;
}

static bool agrees(const struct message *m, const struct sms_reading *r)
{
    unsigned judged = (m->flags & ANYTHING) != 0 ? ~(unsigned)(MORE | ANYTHING) : ~0U;
    bool status = (m->flags & LOUD) != 0 ? is_help(status_of(r)) : status_of(r) == m->status;
    return status && r->needs == m->needs && (flags_of(r) & judged) == (m->flags & judged & ~(unsigned)LOUD) &&
           (r->has_people ? r->people : 0) == m->people &&
           (m->language == NULL || strcmp(r->language, m->language) == 0);
}

static void test_messages(void **state)
{
    unsigned wrong = 0;
    (void)state;
    for (size_t i = 0; i < MESSAGE_COUNT; i++) {
        struct sms_reading r = read_text(messages[i].text);
        if (!agrees(&messages[i], &r)) {
            wrong++;
            print_message("\"%s\": status %d needs %#x flags %u people %d language \"%s\"\n", messages[i].text,
                          status_of(&r), (unsigned)r.needs, flags_of(&r), (int)r.people, r.language);
        }
    }
    assert_int_equal(wrong, 0);
    assert_true(CORPUS_COUNT >= CORPUS_MIN);
}

static void test_located_messages(void **state)
{
    enum { PRECISION = 10000 }; /* a tenth of a thousandth of a degree, 11 m */
    unsigned wrong = 0;
    (void)state;
    for (size_t i = 0; i < LOCATED_COUNT; i++) {
        const struct located *m = &located[i];
        struct sms_reading r = read_text(m->text);
        bool near = fabs(r.location.lat - m->lat) * PRECISION < 1 && fabs(r.location.lon - m->lon) * PRECISION < 1;
        bool positioned = r.location.has_position == (fabs(m->lat) > 0) && (!r.location.has_position || near);
        bool coded = (r.has_case ? r.registration_id : 0) == m->registration_id;
        if (status_of(&r) != m->status || !positioned || !coded || !slice_equal(r.location.place, slice_of(m->place))) {
            wrong++;
            print_message("\"%s\": status %d at %f %f case %lld place \"%.*s\"\n", m->text, status_of(&r),
                          r.location.lat, r.location.lon, (long long)r.registration_id, SLICE_ARGS(r.location.place));
        }
    }
    assert_int_equal(wrong, 0);
}

/* A need that alone makes band 3 or better is help asked for, whatever else is said. */
static bool needs_help(int status, uint32_t needs)
{
    struct triage_facts facts = {.has_status = true, .status = STATUS_SAFE, .needs = needs};
    struct triage_verdict verdict = triage_decide(&triage_policy_default, &facts, 0);
    return is_help(status) || (verdict.band != BAND_NONE && verdict.band <= BAND_URGENT);
}

struct score {
    unsigned cries;  /* messages that a person hears a cry in */
    unsigned heard;  /* of these, that the reader hears one in */
    unsigned alarms; /* that the reader hears one in, cry or not */
};

static void add_score(struct score *score, const char *text, size_t index, bool cry)
{
    struct sms_reading r = read_text(text);
    bool alarm = needs_help(status_of(&r), r.needs);
    score->cries += cry ? 1 : 0;
    score->heard += cry && alarm ? 1 : 0;
    score->alarms += alarm ? 1 : 0;
    if (cry && !alarm) {
        print_message("not heard: \"%s\"\n", text);
    } else if (alarm && !cry) {
        print_message("false alarm: message %zu\n", index);
    }
}

/* The one number that must not slip: of the messages that ask for help, how many are heard as such. */
static void test_recall_of_help_is_whole(void **state)
{
    struct score score = {0, 0, 0};
    (void)state;
    for (size_t i = 0; i < MESSAGE_COUNT; i++) {
        add_score(&score, messages[i].text, i, needs_help(messages[i].status, messages[i].needs));
    }
    for (size_t i = 0; i < LOCATED_COUNT; i++) {
        add_score(&score, located[i].text, MESSAGE_COUNT + i, is_help(located[i].status));
    }
    double precision = (double)score.heard / (double)score.alarms;
    print_message("sms corpus: %u messages, needs help: recall %.3f, precision %.3f\n", (unsigned)CORPUS_COUNT,
                  (double)score.heard / (double)score.cries, precision);
    assert_true(score.cries >= 200);
    assert_int_equal(score.heard, score.cries);
    assert_true(precision >= 0.9);
}

/* Safe, said anywhere before or behind a cry for help, never hides it. */
static void test_safe_never_hides_help(void **state)
{
    static const char *const calm[] = {"SAFE", "ok.", "We are safe.", "tout va bien,", "lafiya", "1"};
    char text[1024];
    (void)state;
    for (size_t i = 0; i < MESSAGE_COUNT; i++) {
        struct sms_reading alone = read_text(messages[i].text);
        bool by_digit = !alone.left_over && strpbrk(messages[i].text, "2\xD9") == messages[i].text;
        if (by_digit) {
            continue; /* "safe 2" may well be two people: it says nothing by itself, and a person reads it */
        }
        for (size_t j = 0; is_help(messages[i].status) && j < 2 * sizeof(calm) / sizeof(calm[0]); j++) {
            const char *said = calm[j / 2];
            (void)(j % 2 == 0 ? snprintf(text, sizeof(text), "%s %s", said, messages[i].text)
                              : snprintf(text, sizeof(text), "%s. %s", messages[i].text, said));
            struct sms_reading r = read_text(text);
            bool kept = r.has_status && (is_help((int)r.status) || r.needs != 0 || r.wants_evacuation);
            if (!kept) {
                print_message("\"%s\"\n", text);
            }
            assert_true(kept);
        }
    }
}

/* Case, accents and punctuation are how people type, not what they say. */
static void test_capitals_say_the_same(void **state)
{
    char text[1024];
    (void)state;
    for (size_t i = 0; i < MESSAGE_COUNT; i++) {
        size_t length = strlen(messages[i].text);
        assert_true(length < sizeof(text));
        for (size_t j = 0; j <= length; j++) {
            char c = messages[i].text[j];
            text[j] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        }
        struct sms_reading r = read_text(text);
        if (!agrees(&messages[i], &r)) {
            fail_msg("\"%s\": status %d", text, status_of(&r));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_located_messages),
        cmocka_unit_test(test_recall_of_help_is_whole),
        cmocka_unit_test(test_safe_never_hides_help),
        cmocka_unit_test(test_capitals_say_the_same),
    };
    return cmocka_run_group_tests_name("domain/sms_corpus", tests, NULL, NULL);
}
