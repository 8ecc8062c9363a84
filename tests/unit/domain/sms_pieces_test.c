/* SPDX-License-Identifier: Apache-2.0
 * Which pieces are one message, when, and what they may say; in whatever order they come and however often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/clock.h"
#include "domain/sms_pieces.h"

enum { PIECES_MAX = 6, MINUTE_S = 60, HOUR_S = 3600, TEXT_ARENA = 1 << 20 };

static const int64_t start_us = INT64_C(1691000000000000);

static struct sms_piece piece(unsigned number, int64_t after_s, const char *text, bool joined)
{
    return (struct sms_piece){number, start_us + after_s * MICROSECONDS_A_SECOND, slice_of(text), joined};
}

static void expect_text(const char *name, const struct sms_piece *pieces, size_t count, unsigned total,
                        const struct sms_pieces_plan *plan, const char *wanted)
{
    struct arena arena;
    arena_init(&arena, TEXT_ARENA);
    struct slice text = sms_pieces_text(pieces, count, total, plan, &arena);
    if (!slice_equal(text, slice_of(wanted))) {
        fail_msg("%s: \"%.*s\", not \"%s\"", name, SLICE_ARGS(text), wanted);
    }
    arena_release(&arena);
}

struct given {
    unsigned number;
    int64_t after_s;
    const char *text;
    bool joined;
};

/* The piece that is due stands first. `text`: of those taken. */
static const struct row {
    const char *name;
    unsigned total;
    struct given given[PIECES_MAX];
    int64_t now_s;
    enum sms_pieces_fate fate;
    int64_t again_s; /* WAIT */
    bool whole, sure;
    const char *text;
} rows[] = {
    {"one of two waits",
     2,
     {{1, 0, "we are all", false}},
     1,
     SMS_PIECES_WAIT,
     15 * MINUTE_S,
     false,
     false,
     "we are all [...]"},
    {"a whole waits for quiet",
     2,
     {{2, 4, " safe", false}, {1, 0, "we are all", false}},
     5,
     SMS_PIECES_WAIT,
     14,
     true,
     true,
     "we are all safe"},
    {"a whole",
     2,
     {{2, 4, " safe", false}, {1, 0, "we are all", false}},
     14,
     SMS_PIECES_JOIN,
     0,
     true,
     true,
     "we are all safe"},
    {"copies count once",
     2,
     {{2, 4, " safe", false}, {1, 0, "we are all", false}, {2, 4, " safe", false}, {1, 3, "we are all", false}},
     14,
     SMS_PIECES_JOIN,
     0,
     true,
     true,
     "we are all safe"},
    {"the first is missing",
     3,
     {{2, 0, "b", false}, {3, 9, "c", false}},
     9 + 15 * MINUTE_S,
     SMS_PIECES_JOIN,
     0,
     false,
     false,
     "[...] bc"},
    {"one in between is missing",
     3,
     {{3, 0, "safe", false}, {1, 0, "we are not", false}},
     15 * MINUTE_S,
     SMS_PIECES_JOIN,
     0,
     false,
     false,
     "we are not [...] safe"},
    {"several are one gap",
     5,
     {{1, 0, "a", false}, {4, 0, "d", false}},
     15 * MINUTE_S,
     SMS_PIECES_JOIN,
     0,
     false,
     false,
     "a [...] d [...]"},
    {"not yet missing",
     3,
     {{3, 0, "safe", false}, {1, 60, "we", false}},
     15 * MINUTE_S,
     SMS_PIECES_WAIT,
     16 * MINUTE_S,
     false,
     false,
     "we [...] safe"},
    {"one number, two texts",
     2,
     {{1, 0, "we are not", false}, {1, 5, "we are", false}, {2, 6, " safe", false}},
     HOUR_S,
     SMS_PIECES_LEAVE,
     0,
     false,
     false,
     NULL},
    {"another message soon after one that was joined",
     2,
     {{1, 60, "we are not", false}, {1, 0, "we are", true}, {2, 1, " safe", true}},
     HOUR_S,
     SMS_PIECES_LEAVE,
     0,
     false,
     false,
     NULL},
    {"hours late: joined, and never sure",
     2,
     {{2, 3 * HOUR_S, " safe", false}, {1, 0, "we are", true}},
     3 * HOUR_S + 10,
     SMS_PIECES_JOIN,
     0,
     true,
     false,
     "we are safe"},
    {"more than a day late is another message's",
     2,
     {{2, 25 * HOUR_S, " safe", false}, {1, 0, "we are", true}},
     26 * HOUR_S,
     SMS_PIECES_JOIN,
     0,
     false,
     false,
     "[...]  safe"},
    {"the reference came before: joined, and not sure",
     2,
     {{2, 2 * HOUR_S + 1, " safe", false}, {1, 2 * HOUR_S, "we are", false}, {1, 0, "we are not", true}},
     3 * HOUR_S,
     SMS_PIECES_JOIN,
     0,
     true,
     false,
     "we are safe"},
    {"the reference comes again later: as much in doubt",
     2,
     {{2, 1, " safe", false}, {1, 0, "we are", false}, {1, 2 * HOUR_S, "we are not", false}},
     3 * HOUR_S,
     SMS_PIECES_JOIN,
     0,
     true,
     false,
     "we are safe"},
    {"the reference of yesterday is free again",
     2,
     {{2, 25 * HOUR_S, " safe", false}, {1, 25 * HOUR_S, "we are", false}, {1, 0, "we are not", true}},
     26 * HOUR_S,
     SMS_PIECES_JOIN,
     0,
     true,
     true,
     "we are safe"},
    {"part of another: only those near",
     3,
     {{1, 5 * HOUR_S, "x", false}, {2, 5 * HOUR_S, "y", false}, {2, 0, "b", true}, {3, 0, "c", true}},
     6 * HOUR_S,
     SMS_PIECES_JOIN,
     0,
     false,
     false,
     "xy [...]"},
    {"near the one that is due, and far from each other",
     3,
     {{2, 4 * MINUTE_S, "b", false}, {1, 0, "a", false}, {3, 8 * MINUTE_S, "c", false}},
     HOUR_S,
     SMS_PIECES_JOIN,
     0,
     true,
     false,
     "abc"},
    {"a copy of what was joined long ago",
     2,
     {{1, 5 * HOUR_S, "we are", false}, {1, 0, "we are", true}, {2, 0, " safe", true}},
     6 * HOUR_S,
     SMS_PIECES_JOIN,
     0,
     true,
     false,
     "we are safe"},
    {"a clock that is ahead",
     2,
     {{1, 0, "we are", false}, {2, 0, " safe", false}},
     -5,
     SMS_PIECES_WAIT,
     10,
     true,
     true,
     "we are safe"},
};

static void test_plans(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        struct sms_piece pieces[PIECES_MAX];
        struct sms_pieces_plan plan;
        size_t count = 0;
        for (; count < PIECES_MAX && row->given[count].number > 0; count++) {
            const struct given *given = &row->given[count];
            pieces[count] = piece(given->number, given->after_s, given->text, given->joined);
        }
        sms_pieces_plan(pieces, count, row->total, 0, start_us + row->now_s * MICROSECONDS_A_SECOND, &plan);
        if (plan.fate != row->fate || plan.whole != row->whole || plan.sure != row->sure) {
            fail_msg("%s: fate %d, whole %d, sure %d", row->name, (int)plan.fate, plan.whole, plan.sure);
        }
        if (plan.fate == SMS_PIECES_WAIT) {
            assert_int_equal(plan.again_us, start_us + row->again_s * MICROSECONDS_A_SECOND);
        }
        if (row->text != NULL) {
            expect_text(row->name, pieces, count, row->total, &plan, row->text);
        }
    }
}

/* Heap's algorithm without recursion: calls `check` for each order of four pieces. */
static void each_order(struct sms_piece pieces[4], void (*check)(const struct sms_piece pieces[4]))
{
    size_t turns[4] = {0};
    check(pieces);
    for (size_t i = 1; i < 4;) {
        if (turns[i] >= i) {
            turns[i++] = 0;
            continue;
        }
        size_t other = i % 2 == 0 ? 0 : turns[i];
        struct sms_piece kept = pieces[i];
        pieces[i] = pieces[other];
        pieces[other] = kept;
        turns[i]++;
        i = 1;
        check(pieces);
    }
}

static unsigned orders;

/* Whichever is due, whatever copies there are beside them: the same whole. */
static void check_order(const struct sms_piece pieces[4])
{
    orders++;
    for (unsigned copies = 0; copies < 1U << 4; copies++) {
        struct sms_piece all[8];
        size_t count = 4;
        memcpy(all, pieces, 4 * sizeof(all[0]));
        for (size_t i = 0; i < 4; i++) {
            if ((copies & 1U << i) != 0) {
                all[count] = pieces[i];
                all[count++].received_us += 7 * MICROSECONDS_A_SECOND;
            }
        }
        for (size_t due = 0; due < count; due++) {
            struct sms_pieces_plan plan;
            sms_pieces_plan(all, count, 4, due, start_us + HOUR_S * MICROSECONDS_A_SECOND, &plan);
            assert_int_equal(plan.fate, SMS_PIECES_JOIN);
            assert_true(plan.whole && plan.sure);
            expect_text("an order", all, count, 4, &plan, "HELP we have no insulin in Zinder");
        }
    }
}

static void test_every_order_gives_the_same(void **state)
{
    struct sms_piece pieces[4] = {piece(1, 0, "HELP we ha", false), piece(2, 1, "ve no insu", false),
                                  piece(3, 2, "lin in Zin", false), piece(4, 3, "der", false)};
    (void)state;
    orders = 0;
    each_order(pieces, check_order);
    assert_int_equal(orders, 24);
}

/* Any subset of two messages of three pieces under one reference, a minute or two hours apart: sure is only what is one message and all of it. */
static void test_a_mixture_is_never_sure(void **state)
{
    static const char *const texts[2][3] = {{"we are ", "all ", "safe"}, {"no one ", "here is ", "alive"}};
    (void)state;
    for (unsigned subset = 1; subset < 1U << 6; subset++) {
        for (int64_t apart_s = MINUTE_S; apart_s <= 2 * HOUR_S; apart_s += 2 * HOUR_S - MINUTE_S) {
            struct sms_piece pieces[6];
            struct sms_pieces_plan plan;
            size_t count = 0;
            for (unsigned i = 0; i < 6; i++) {
                if ((subset & 1U << i) != 0) {
                    pieces[count++] = piece(i % 3 + 1, i / 3 * apart_s, texts[i / 3][i % 3], false);
                }
            }
            for (size_t due = 0; due < count; due++) {
                sms_pieces_plan(pieces, count, 3, due, start_us + 30 * HOUR_S * MICROSECONDS_A_SECOND, &plan);
                bool one = subset == 7 || subset == 7U << 3;
                bool told_apart = apart_s > SMS_PIECES_NEAR_S;
                bool like_one = count == 3; /* each lost what the other has, within minutes: nobody can tell */
                if (plan.sure && !one && (told_apart || !like_one)) {
                    fail_msg("subset %u, %d s apart, is sure", subset, (int)apart_s);
                }
            }
        }
    }
}

static void test_too_long_is_none(void **state)
{
    static char long_text[SMS_PIECES_TEXT_MAX / 2 + 1];
    struct sms_pieces_plan plan;
    struct arena arena;
    (void)state;
    memset(long_text, 'x', sizeof(long_text) - 1);
    const struct sms_piece pieces[] = {piece(1, 0, long_text, false), piece(2, 0, long_text, false),
                                       piece(3, 0, "x", false)};
    arena_init(&arena, TEXT_ARENA);
    sms_pieces_plan(pieces, 3, 3, 0, start_us + HOUR_S * MICROSECONDS_A_SECOND, &plan);
    assert_null(sms_pieces_text(pieces, 3, 3, &plan, &arena).data);
    sms_pieces_plan(pieces, 2, 2, 0, start_us + HOUR_S * MICROSECONDS_A_SECOND, &plan);
    assert_int_equal(sms_pieces_text(pieces, 2, 2, &plan, &arena).length, SMS_PIECES_TEXT_MAX);
    arena_release(&arena);
}

static void test_what_is_held_back(void **state)
{
    static const struct {
        const char *text;
        bool has_status;
        enum check_in_status status;
    } said[] = {
        {"we are all safe in Niamey", false, STATUS_SAFE},        {"HELP", true, STATUS_NEED_HELP},
        {"my son is badly injured", true, STATUS_INJURED},        {"they are shooting at us", true, STATUS_IN_DANGER},
        {"we left the country this morning", false, STATUS_SAFE}, {"STOP", false, STATUS_SAFE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        struct sms_reading reading;
        sms_read(slice_of(said[i].text), &reading);
        sms_pieces_hold_back(&reading);
        if (reading.has_status != said[i].has_status || (reading.has_status && reading.status != said[i].status)) {
            fail_msg("\"%s\": %d", said[i].text, (int)reading.status);
        }
        assert_false(reading.stop);
        assert_true(reading.left_over);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_every_order_gives_the_same),
        cmocka_unit_test(test_a_mixture_is_never_sure),
        cmocka_unit_test(test_too_long_is_none),
        cmocka_unit_test(test_what_is_held_back),
    };
    return cmocka_run_group_tests_name("domain.sms_pieces", tests, NULL, NULL);
}
