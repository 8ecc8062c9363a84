/* SPDX-License-Identifier: Apache-2.0
 * The verdict: a register that is as it was answered is true, and each way of being otherwise is found; and a ledger makes the roll again. */
#include "drill/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "domain/exercise.h"
#include "drill/ledger.h"

enum { REGISTRATION, CHECK_IN, TEXT_KNOWN, TEXT_STRANGER, UNANSWERED, COUNT };

static void make_roll(struct roll *roll)
{
    static const struct roll_record records[COUNT] = {
        [REGISTRATION] = {.registration_id = 100,
                          .kind = KIND_REGISTER,
                          .status = ROLL_NO_STATUS,
                          .people = 2,
                          .state = ROLL_STORED},
        [CHECK_IN] = {.registration_id = 100,
                      .kind = KIND_CHECK_IN,
                      .status = STATUS_NEED_HELP,
                      .people = 3,
                      .band = 3,
                      .state = ROLL_STORED},
        [TEXT_KNOWN] = {.registration_id = 100, .kind = KIND_TEXT, .status = STATUS_SAFE, .state = ROLL_STORED},
        [TEXT_STRANGER] = {.registration_id = ROLL_UNKNOWN,
                           .kind = KIND_TEXT,
                           .status = STATUS_SAFE,
                           .state = ROLL_STORED},
        [UNANSWERED] = {.registration_id = 100, .kind = KIND_CHECK_IN, .status = STATUS_SAFE, .people = 1},
    };
    assert_true(roll_init(roll, 77, 5, 1));
    for (unsigned i = 0; i < COUNT; i++) {
        *roll_add(roll) = records[i];
    }
}

/* What the register has; a test spoils one part. */
struct rows {
    bool registration, text_known, text_stranger, text_more, unanswered, unheard;
    unsigned check_ins;
    int64_t case_of_registration, case_of_check_in;
    unsigned size, band, people;
    const char *status;
    bool via_journal, registered;
};

static const struct rows good_rows = {.registration = true,
                                      .text_known = true,
                                      .text_stranger = true,
                                      .check_ins = 1,
                                      .case_of_registration = 100,
                                      .case_of_check_in = 100,
                                      .size = 2,
                                      .band = 3,
                                      .people = 3,
                                      .status = "need_help",
                                      .registered = true};

static void show_text(struct verdict *v, bool there, int64_t registration_id, uint64_t number)
{
    struct verdict_check_in text = {exercise_id(77, number), registration_id, SLICE("safe"), 0, 0, true, false};
    if (there) {
        verdict_check_in(v, &text);
    }
}

static struct verdict judge(const struct rows *rows, bool ended)
{
    struct roll roll;
    struct verdict v;
    make_roll(&roll);
    verdict_begin(&v, &roll, ended);
    struct uuid id = roll_client_id(&roll, REGISTRATION);
    if (rows->registration) {
        verdict_party(&v, &id, rows->case_of_registration, rows->registered, rows->size, rows->via_journal);
    }
    struct verdict_check_in c = {roll_client_id(&roll, CHECK_IN),
                                 rows->case_of_check_in,
                                 slice_of(rows->status),
                                 rows->band,
                                 rows->people,
                                 false,
                                 rows->via_journal};
    for (unsigned i = 0; i < rows->check_ins; i++) {
        verdict_check_in(&v, &c);
    }
    struct verdict_check_in u = {roll_client_id(&roll, UNANSWERED), 100, SLICE("safe"), 0, 1, false, false};
    if (rows->unanswered) {
        verdict_check_in(&v, &u);
    }
    u.id = exercise_id(77, 12345);
    if (rows->unheard) {
        verdict_check_in(&v, &u);
    }
    show_text(&v, rows->text_known, 100, 1);
    show_text(&v, rows->text_stranger, 555, 2);
    show_text(&v, rows->text_more, 100, 3);
    verdict_end(&v, NULL, NULL);
    roll_release(&roll);
    verdict_release(&v);
    v.roll = NULL;
    return v;
}

static void test_as_answered(void **state)
{
    struct verdict v = judge(&good_rows, true);
    (void)state;
    assert_true(verdict_is_good(&v));
    assert_int_equal(v.answered, 4);
    assert_int_equal(v.found, 4);
    struct rows rows = good_rows;
    rows.unanswered = true; /* sent, stored, and its answer lost on the way: as it should be */
    v = judge(&rows, true);
    assert_true(verdict_is_good(&v));
}

#define SPOILT(counter, number, change)                                                                                \
    do {                                                                                                               \
        struct rows rows = good_rows;                                                                                  \
        change;                                                                                                        \
        struct verdict v = judge(&rows, true);                                                                         \
        assert_false(verdict_is_good(&v));                                                                             \
        assert_int_equal(v.counter, (number));                                                                         \
        assert_true(v.listed_count > 0);                                                                               \
    } while (0)

static void test_each_way_of_being_untrue(void **state)
{
    (void)state;
    SPOILT(lost, 1, rows.registration = false);
    SPOILT(lost, 1, rows.check_ins = 0);
    SPOILT(lost, 1, rows.text_known = false);
    SPOILT(lost, 1, rows.text_stranger = false);
    SPOILT(lost, 2, rows.text_stranger = rows.text_known = false);
    SPOILT(twice, 1, rows.check_ins = 2);
    SPOILT(wrong, 1, rows.case_of_registration = 101);
    SPOILT(wrong, 1, rows.registered = false);
    SPOILT(wrong, 1, rows.size = 3);
    SPOILT(wrong, 1, rows.case_of_check_in = 101);
    SPOILT(wrong, 1, rows.band = 2);
    SPOILT(wrong, 1, rows.band = 0);
    SPOILT(wrong, 1, rows.people = 1);
    SPOILT(wrong, 1, rows.status = "safe");
    SPOILT(wrong, 2, rows.via_journal = true); /* both were answered 201 */
    SPOILT(unheard, 1, rows.unheard = true);
    SPOILT(unheard, 1, rows.text_more = true);
}

static void test_a_ledger_without_end_knows_not_all(void **state)
{
    struct rows rows = good_rows;
    (void)state;
    rows.unheard = rows.text_more = true;
    struct verdict v = judge(&rows, false);
    assert_true(verdict_is_good(&v));
}

static void test_a_ledger_comes_back(void **state)
{
    char path[] = "/tmp/muster-ledger-XXXXXX";
    struct roll roll, read;
    struct ledger ledger;
    struct ledger_head head;
    struct error error;
    (void)state;
    assert_true(close(mkstemp(path)) == 0 && unlink(path) == 0);
    make_roll(&roll);
    assert_true(ledger_open(&ledger, path, &roll, SLICE("ner-2023"), &error));
    for (uint32_t i = 0; i < COUNT; i++) {
        ledger_sent(&ledger, &roll, i);
    }
    ledger_answered(&ledger, &roll, REGISTRATION, 202);
    ledger_answered(&ledger, &roll, CHECK_IN, 201);
    ledger_odd(&ledger, CHECK_IN, 201);
    ledger_odd(&ledger, UNANSWERED, 400);
    assert_true(ledger_close(&ledger, &roll, &error));
    assert_true(ledger_load(path, &read, &head, &error));
    assert_true(head.ended);
    assert_string_equal(head.crisis, "ner-2023");
    assert_int_equal(read.count, COUNT);
    assert_int_equal(read.drill, 77);
    assert_int_equal(read.records[REGISTRATION].registration_id, 100);
    assert_int_equal(read.records[REGISTRATION].people, 2);
    assert_true(read.records[REGISTRATION].via_journal);
    assert_int_equal(read.records[CHECK_IN].band, 3);
    assert_int_equal(read.records[CHECK_IN].status, STATUS_NEED_HELP);
    assert_true((read.records[CHECK_IN].flags & ROLL_DIFFERENT) != 0);
    assert_int_equal(read.records[UNANSWERED].state, ROLL_REFUSED);
    assert_int_equal(read.records[TEXT_STRANGER].registration_id, ROLL_UNKNOWN);
    roll_release(&read);
    /* killed in the middle of a line: all before it stands */
    FILE *file = fopen(path, "re+");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    assert_int_equal(ftruncate(fileno(file), ftell(file) - 3), 0);
    assert_int_equal(fclose(file), 0);
    assert_true(ledger_load(path, &read, &head, &error));
    assert_false(head.ended);
    assert_int_equal(read.count, COUNT);
    roll_release(&read);
    assert_int_equal(unlink(path), 0);
    roll_release(&roll);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_answered),
        cmocka_unit_test(test_each_way_of_being_untrue),
        cmocka_unit_test(test_a_ledger_without_end_knows_not_all),
        cmocka_unit_test(test_a_ledger_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
