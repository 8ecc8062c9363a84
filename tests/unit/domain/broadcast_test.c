/* SPDX-License-Identifier: Apache-2.0
 * Who may let a broadcast go and when; what a draft must be; the words that go to each party. */
#include "domain/broadcast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/clock.h"
#include "core/json_read.h"
#include "domain/vocabulary.h"

enum { ARENA_MAX = 256 * 1024, NOW = 1000 };
#define MINUTES(n) ((int64_t)(n)*MICROSECONDS_A_MINUTE)

/* state, by_author, has_gateway, counted minutes ago (-1: never), recipients, approval_above */
static const struct {
    enum broadcast_event event;
    enum broadcast_state state;
    bool by_author, has_gateway;
    int counted;
    int64_t recipients, above;
    enum broadcast_refusal refusal;
    enum broadcast_state next;
} steps[] = {
    {BROADCAST_SEND, BROADCAST_DRAFT, true, true, 0, 200, 200, BROADCAST_OK, BROADCAST_RUNNING},
    {BROADCAST_SEND, BROADCAST_DRAFT, true, true, 10, 200, 200, BROADCAST_OK, BROADCAST_RUNNING},
    {BROADCAST_SEND, BROADCAST_DRAFT, true, true, 0, 201, 200, BROADCAST_OK, BROADCAST_PROPOSED},
    {BROADCAST_SEND, BROADCAST_DRAFT, true, true, 0, 1, 0, BROADCAST_OK, BROADCAST_PROPOSED},
    {BROADCAST_SEND, BROADCAST_DRAFT, false, true, 0, 1, 200, BROADCAST_NOT_YOURS, BROADCAST_DRAFT},
    {BROADCAST_SEND, BROADCAST_DRAFT, true, false, 0, 1, 200, BROADCAST_NO_GATEWAY, BROADCAST_DRAFT},
    {BROADCAST_SEND, BROADCAST_DRAFT, true, true, 11, 1, 200, BROADCAST_COUNT_OLD, BROADCAST_DRAFT},
    {BROADCAST_SEND, BROADCAST_DRAFT, true, true, -1, 1, 200, BROADCAST_COUNT_OLD, BROADCAST_DRAFT},
    {BROADCAST_SEND, BROADCAST_DRAFT, true, true, 0, 0, 200, BROADCAST_NOBODY, BROADCAST_DRAFT},
    {BROADCAST_SEND, BROADCAST_PROPOSED, true, true, 0, 1, 200, BROADCAST_NOT_NOW, BROADCAST_PROPOSED},
    {BROADCAST_SEND, BROADCAST_RUNNING, true, true, 0, 1, 200, BROADCAST_NOT_NOW, BROADCAST_RUNNING},
    {BROADCAST_SEND, BROADCAST_STOPPED, true, true, 0, 1, 200, BROADCAST_NOT_NOW, BROADCAST_STOPPED},
    {BROADCAST_SEND, BROADCAST_FINISHED, true, true, 0, 1, 200, BROADCAST_NOT_NOW, BROADCAST_FINISHED},
    {BROADCAST_APPROVE, BROADCAST_PROPOSED, false, true, 999, 500, 200, BROADCAST_OK, BROADCAST_RUNNING},
    {BROADCAST_APPROVE, BROADCAST_PROPOSED, true, true, 0, 500, 200, BROADCAST_NOT_BY_SELF, BROADCAST_PROPOSED},
    {BROADCAST_APPROVE, BROADCAST_PROPOSED, false, false, 0, 500, 200, BROADCAST_NO_GATEWAY, BROADCAST_PROPOSED},
    {BROADCAST_APPROVE, BROADCAST_DRAFT, false, true, 0, 500, 200, BROADCAST_NOT_NOW, BROADCAST_DRAFT},
    {BROADCAST_APPROVE, BROADCAST_RUNNING, false, true, 0, 500, 200, BROADCAST_NOT_NOW, BROADCAST_RUNNING},
    {BROADCAST_APPROVE, BROADCAST_STOPPED, false, true, 0, 500, 200, BROADCAST_NOT_NOW, BROADCAST_STOPPED},
    {BROADCAST_STOP, BROADCAST_DRAFT, false, false, -1, 0, 200, BROADCAST_OK, BROADCAST_STOPPED},
    {BROADCAST_STOP, BROADCAST_PROPOSED, false, true, 0, 1, 200, BROADCAST_OK, BROADCAST_STOPPED},
    {BROADCAST_STOP, BROADCAST_RUNNING, false, true, 0, 1, 200, BROADCAST_OK, BROADCAST_STOPPED},
    {BROADCAST_STOP, BROADCAST_STOPPED, true, true, 0, 1, 200, BROADCAST_NOT_NOW, BROADCAST_STOPPED},
    {BROADCAST_STOP, BROADCAST_FINISHED, true, true, 0, 1, 200, BROADCAST_NOT_NOW, BROADCAST_FINISHED},
};

static void test_steps(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        const struct broadcast_facts facts = {
            .state = steps[i].state,
            .by_author = steps[i].by_author,
            .has_gateway = steps[i].has_gateway,
            .now_us = MINUTES(NOW),
            .counted_us = steps[i].counted < 0 ? 0 : MINUTES(NOW - steps[i].counted),
            .recipients = steps[i].recipients,
            .approval_above = steps[i].above,
        };
        struct broadcast_next next = broadcast_step(steps[i].event, &facts);
        assert_int_equal(next.refusal, steps[i].refusal);
        assert_int_equal(next.state, steps[i].next);
    }
}

/* Whatever is known: more than the limit never runs by its author alone, and nothing leaves an end. */
static void test_nobody_sends_much_alone(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 15U * 3U * 16U; bits++) {
        struct broadcast_facts facts = {
            .state = (enum broadcast_state)(bits % BROADCAST_STATE_COUNT),
            .by_author = true,
            .has_gateway = (bits / 15U & 1U) != 0,
            .counted_us = MINUTES(NOW),
            .now_us = MINUTES(NOW),
            .recipients = 201,
            .approval_above = 200,
        };
        struct broadcast_next next = broadcast_step((enum broadcast_event)(bits % 3U), &facts);
        assert_true(next.state != BROADCAST_RUNNING || facts.state == BROADCAST_RUNNING);
        if (facts.state == BROADCAST_STOPPED || facts.state == BROADCAST_FINISHED) {
            assert_int_equal(next.state, facts.state);
        }
    }
}

static void test_state_names(void **state)
{
    (void)state;
    for (unsigned i = 0; i < BROADCAST_STATE_COUNT; i++) {
        enum broadcast_state found = BROADCAST_STATE_COUNT;
        assert_true(broadcast_state_find(broadcast_state_name((enum broadcast_state)i), &found));
        assert_int_equal(found, i);
    }
    enum broadcast_state none = BROADCAST_DRAFT;
    assert_false(broadcast_state_find(SLICE("sent"), &none));
}

static void test_fill_in(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"Stay in", "Stay in"},
        {"{case}", "CODE"},
        {"a{case}", "aCODE"},
        {"{case}{case} b", "CODECODE b"},
        {"{cas}{case", "{cas}{case"},
        {"{{case}}", "{CODE}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena;
        arena_init(&arena, ARENA_MAX);
        assert_true(slice_equal(broadcast_fill_in(&arena, slice_of(rows[i][0]), SLICE("CODE")), slice_of(rows[i][1])));
        arena_release(&arena);
    }
}

/* A text is as long as what the party gets: 150 septets and a code of 11 are two segments, 149 and 11 are one. */
static void test_size_counts_the_code(void **state)
{
    char text[200];
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_MAX);
    memset(text, 'x', sizeof(text));
    memcpy(text + 149, "{case}", 6);
    assert_int_equal(broadcast_size(&arena, slice_make(text, 155)).segments, 1);
    memcpy(text + 149, "x{case}", 7);
    assert_int_equal(broadcast_size(&arena, slice_make(text, 156)).segments, 2);
    arena_release(&arena);
}

static const struct {
    const char *json;
    const char *field; /* NULL: nothing is wrong */
    enum field_fault fault;
} drafts[] = {
    {"{\"crisis\":\"ner-2023\",\"texts\":{\"en\":\"Stay in\"}}", NULL, 0},
    {"{\"texts\":{\"en\":\"a\"}}", "crisis", FIELD_MISSING},
    {"{\"crisis\":\"c\"}", "texts", FIELD_MISSING},
    {"{\"crisis\":\"c\",\"texts\":{}}", "texts", FIELD_MISSING},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"\"}}", "texts/en", FIELD_MISSING},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":7}}", "texts/en", FIELD_WRONG_TYPE},
    {"{\"crisis\":\"c\",\"texts\":[]}", "texts", FIELD_WRONG_TYPE},
    {"{\"crisis\":\"c\",\"texts\":{\"e n\":\"a\"}}", "texts/e n", FIELD_NOT_A_LANGUAGE},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"to\":1}", "to", FIELD_UNKNOWN},
    {"{\"crisis\":\"c'\",\"texts\":{\"en\":\"a\"}}", "crisis", FIELD_NOT_A_VALUE},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"hours\":0}", "hours", FIELD_OUT_OF_RANGE},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"hours\":73}", "hours", FIELD_OUT_OF_RANGE},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"texts_a_second\":101}", "texts_a_second", FIELD_OUT_OF_RANGE},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"posts\":[]}}", "audience/posts", FIELD_MISSING},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"bands\":[]}}", "audience/bands", FIELD_MISSING},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"needs\":[]}}", "audience/needs", FIELD_MISSING},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"statuses\":[]}}", "audience/statuses", FIELD_MISSING},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"bands\":[6]}}", "audience/bands/0",
     FIELD_OUT_OF_RANGE},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"needs\":[\"gold\"]}}", "audience/needs/0",
     FIELD_NOT_A_VALUE},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"intents\":[\"x\"]}}", "audience/intents/0",
     FIELD_NOT_A_VALUE},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"statuses\":[\"none\",\"dead\"]}}",
     "audience/statuses/1", FIELD_NOT_A_VALUE},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"cells\":[\"s1z\"]}}", "audience/cells/0",
     FIELD_NOT_A_VALUE},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"zone\":{\"lat\":91,\"lon\":1,\"km\":5}}}",
     "audience/zone/lat", FIELD_OUT_OF_RANGE},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"zone\":{\"lon\":1,\"km\":5}}}", "audience/zone/lat",
     FIELD_MISSING},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"zone\":{\"lat\":1,\"lon\":1,\"km\":201}}}",
     "audience/zone/km", FIELD_OUT_OF_RANGE},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"cells\":[\"s1z0g\"],\"zone\":{\"lat\":1,\"lon\":1,"
     "\"km\":9}}}",
     "audience/zone", FIELD_EITHER_OR},
    {"{\"crisis\":\"c\",\"texts\":{\"en\":\"a\"},\"audience\":{\"overdue\":\"yes\"}}", "audience/overdue",
     FIELD_WRONG_TYPE},
    {"{\"crisis\":\"c\",\"texts\":{\"a\":\"1\",\"b\":\"1\",\"c\":\"1\",\"d\":\"1\",\"e\":\"1\",\"f\":\"1\",\"g\":\"1\","
     "\"h\":\"1\",\"i\":\"1\"}}",
     "texts", FIELD_TOO_MANY},
};

static void test_drafts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(drafts) / sizeof(drafts[0]); i++) {
        struct arena arena;
        struct field_errors errors = {.count = 0};
        struct broadcast_draft draft;
        arena_init(&arena, ARENA_MAX);
        const struct tree *tree = json_read(&arena, slice_of(drafts[i].json));
        assert_non_null(tree);
        broadcast_decode(&arena, tree, &draft, &errors);
        if (drafts[i].field == NULL) {
            assert_int_equal(errors.count, 0);
        } else {
            const struct field_error *error = field_error_find(&errors, drafts[i].field);
            assert_non_null(error);
            assert_int_equal(error->fault, drafts[i].fault);
            assert_int_equal(errors.count, 1);
        }
        arena_release(&arena);
    }
}

static void test_everything_that_can_be_said(void **state)
{
    static const char json[] =
        "{\"crisis\":\"c\",\"texts\":{\"fr\":\"un\",\"en\":\"one\"},\"asks\":true,\"texts_a_second\":50,\"hours\":2,"
        "\"audience\":{\"posts\":[\"niamey\"],\"zone\":{\"lat\":13.5,\"lon\":-2,\"km\":0.5},\"languages\":[\"ha\"],"
        "\"bands\":[1,5],\"needs\":[\"infant\"],\"intents\":[\"staying\"],\"statuses\":[\"none\",\"safe\"],\"overdue\":"
        "true}}";
    struct arena arena;
    struct field_errors errors = {.count = 0};
    struct broadcast_draft draft;
    (void)state;
    arena_init(&arena, ARENA_MAX);
    broadcast_decode(&arena, json_read(&arena, slice_of(json)), &draft, &errors);
    assert_int_equal(errors.count, 0);
    assert_int_equal(draft.text_count, 2);
    assert_true(slice_equal(draft.texts[0].language, SLICE("fr")) && slice_equal(draft.texts[1].text, SLICE("one")));
    assert_true(draft.asks && draft.texts_a_second == 50 && draft.hours == 2);
    const struct broadcast_audience *who = &draft.audience;
    assert_true(who->posts.count == 1 && who->languages.count == 1 && who->cells.count == 0);
    assert_true(who->zone.given && who->zone.km > 0.4 && who->overdue && who->unheard);
    assert_int_equal(who->bands, 1U << 1 | 1U << 5);
    assert_int_equal(who->needs, NEED_BIT(NEED_INFANT));
    assert_int_equal(who->intents, 1U << INTENT_STAYING);
    assert_int_equal(who->statuses, 1U << STATUS_SAFE);
    arena_release(&arena);
}

static void test_a_text_of_seven_segments_is_too_long(void **state)
{
    char json[1200];
    char words[1000];
    struct arena arena;
    (void)state;
    memset(words, 'x', sizeof(words));
    for (int length = 918; length <= 919; length++) { /* six segments of 153 */
        struct field_errors errors = {.count = 0};
        struct broadcast_draft draft;
        (void)snprintf(json, sizeof(json), "{\"crisis\":\"c\",\"texts\":{\"en\":\"%.*s\"}}", length, words);
        arena_init(&arena, ARENA_MAX);
        broadcast_decode(&arena, json_read(&arena, slice_of(json)), &draft, &errors);
        assert_int_equal(errors.count, length > 918 ? 1 : 0);
        arena_release(&arena);
    }
}

/* Every position in the circle is in a cell that is listed, and no cell is listed twice or lies far outside. */
static void test_cells_cover_the_circle(void **state)
{
    enum { MOST = 16384, POINTS = 400 };
    static const double circles[][3] = {{13.5, 2.1, 5},     {13.5, 2.1, 200},  {0, 0, 30},
                                        {-54.8, -68.3, 40}, {69.6, 18.9, 100}, {10, 179.99, 25}};
    static char cells[MOST][CELL_SIZE + 1];
    (void)state;
    for (size_t i = 0; i < sizeof(circles) / sizeof(circles[0]); i++) {
        const double *c = circles[i];
        size_t count = cell_within(c[0], c[1], c[2], cells, MOST);
        assert_true(count > 0);
        for (unsigned p = 0; p < POINTS; p++) {
            char cell[CELL_SIZE + 1];
            double lat = c[0] + (p % 20 / 9.5 - 1) * c[2] / 111.0;
            double lon = c[1] + (p / 20 / 9.5 - 1) * c[2] / 111.0;
            lon = lon > 180 ? lon - 360 : lon;
            if (distance_m(c[0], c[1], lat, lon) > c[2] * 1000) {
                continue;
            }
            bool found = false;
            cell_of(lat, lon, cell);
            for (size_t k = 0; k < count; k++) {
                found = found || memcmp(cell, cells[k], CELL_SIZE) == 0;
            }
            assert_true(found);
        }
        qsort(cells, count, sizeof(cells[0]), (int (*)(const void *, const void *))strcmp);
        for (size_t k = 1; k < count; k++) {
            double lat = 0;
            double lon = 0;
            assert_int_not_equal(strcmp(cells[k - 1], cells[k]), 0);
            assert_true(cell_middle(slice_make(cells[k], CELL_SIZE), &lat, &lon));
            assert_true(distance_m(c[0], c[1], lat, lon) < c[2] * 1000 + 4000);
        }
    }
    assert_int_equal(cell_within(13.5, 2.1, 200, cells, 100), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_nobody_sends_much_alone),
        cmocka_unit_test(test_state_names),
        cmocka_unit_test(test_fill_in),
        cmocka_unit_test(test_size_counts_the_code),
        cmocka_unit_test(test_drafts),
        cmocka_unit_test(test_everything_that_can_be_said),
        cmocka_unit_test(test_a_text_of_seven_segments_is_too_long),
        cmocka_unit_test(test_cells_cover_the_circle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
