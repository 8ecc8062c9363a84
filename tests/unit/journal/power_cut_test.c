/* SPDX-License-Identifier: Apache-2.0
 * The Nth call to the disk fails, for N = 1 until a whole run passes; then the power goes. Whatever was answered "durable" must be
 * there, and nothing must be there that was never appended. */
#include "power_cut.h"

#include "core/log.h"

enum { ENTRIES = 16, NEVER = 1 << 30 };

/* Entries in each turn of the loop; a rotation after the second. The last entry gets no turn. */
static const unsigned turns[] = {3, 2, 1, 4, 1, 2, 2};
enum { TURNS = sizeof(turns) / sizeof(turns[0]), ROTATE_AFTER = 1 };

struct run {
    struct fate fates[ENTRIES];
    bool taken[ENTRIES];
    unsigned failed_turns;
};

static void live(struct scratch *s, struct run *run)
{
    struct journal_writer *writer = journal_writer_new(&s->config, NULL);
    unsigned number = 0;
    *run = (struct run){.failed_turns = 0};
    if (writer == NULL) {
        return;
    }
    for (unsigned turn = 0; turn < TURNS; turn++) {
        for (unsigned i = 0; i < turns[turn]; i++, number++) {
            run->taken[number] = scratch_append(writer, number, &run->fates[number]);
        }
        scratch_run(s);
        run->failed_turns += run->fates[number - 1].durable ? 0 : 1;
        if (turn == ROTATE_AFTER) {
            journal_rotate(writer);
        }
    }
    run->taken[number] = scratch_append(writer, number, &run->fates[number]);
    journal_writer_free(writer);
}

static void check_promises(struct scratch *s, const struct run *run)
{
    unsigned seen[SCRATCH_ENTRIES] = {0};
    (void)scratch_read_all(s, seen); /* each is one that was appended */
    for (unsigned i = 0; i < SCRATCH_ENTRIES; i++) {
        assert_in_range(seen[i], 0, i < ENTRIES && run->taken[i] ? 1 : 0);
        if (i < ENTRIES) {
            assert_int_equal(run->fates[i].told, run->taken[i] ? 1 : 0);
            assert_true(!run->fates[i].durable || seen[i] == 1);
        }
    }
}

/* True when no call was left to fail. */
static bool run_with_failure(struct scratch *s, unsigned from, unsigned until, enum power_cut_write style, bool torn)
{
    struct power_cut disk;
    struct journal_disk seam = power_cut_disk(&disk);
    struct run run;
    disk.fail_from = from;
    disk.fail_until = until;
    disk.write_style = style;
    disk.error = style == WRITE_HALF_THEN_ERROR ? ENOSPC : EIO;
    s->config.disk = &seam;
    s->config.segment_max = 200;
    live(s, &run);
    power_cut_now(&disk, s, torn);
    check_promises(s, &run);
    (void)scratch_empty(s);
    if (until == from + 1 && disk.directory >= 0 && run.taken[0]) {
        assert_in_range(run.failed_turns, 0, 1); /* one failure costs one turn: the next has a new segment */
    }
    return disk.calls < from;
}

static void test_one_call_fails(void **state)
{
    struct scratch *s = *state;
    for (unsigned style = 0; style < WRITE_STYLES; style++) {
        for (unsigned torn = 0; torn < 2; torn++) {
            unsigned n = 1;
            while (!run_with_failure(s, n, n + 1, (enum power_cut_write)style, torn != 0)) {
                n++;
            }
            assert_in_range(n, 40, 200); /* the run is as long as it looks */
        }
    }
}

/* A disk that breaks and stays broken. */
static void test_all_calls_fail_from_one_on(void **state)
{
    struct scratch *s = *state;
    for (unsigned style = 0; style < WRITE_STYLES; style++) {
        unsigned n = 1;
        while (!run_with_failure(s, n, NEVER, (enum power_cut_write)style, true)) {
            n++;
        }
    }
}

/* Two apart: the second failure meets the recovery from the first. */
static void test_failures_while_recovering(void **state)
{
    struct scratch *s = *state;
    for (unsigned length = 2; length <= 12; length++) {
        unsigned n = 1;
        while (!run_with_failure(s, n, n + length, WRITE_HALF, false)) {
            n++;
        }
    }
}

/* Full for a while: nothing is answered, no litter gathers, and it goes on by itself when there is room again. */
static void test_a_full_disk_recovers(void **state)
{
    struct scratch *s = *state;
    struct power_cut disk;
    struct journal_disk seam = power_cut_disk(&disk);
    struct fate fates[3] = {{.told = 0}};
    s->config.disk = &seam;
    struct journal_writer *writer = journal_writer_new(&s->config, NULL);
    assert_non_null(writer);
    assert_true(scratch_append(writer, 0, &fates[0]));
    scratch_run(s);
    assert_true(fates[0].durable);
    disk.error = ENOSPC;
    disk.write_style = WRITE_HALF;
    for (unsigned i = 0; i < 20; i++) {
        disk.fail_from = disk.calls + (i == 0 ? 1 : 4); /* the entries' write; then that of each new segment's header */
        disk.fail_until = disk.fail_from + 1;
        fates[1] = (struct fate){.told = 0};
        assert_true(scratch_append(writer, 1, &fates[1]));
        scratch_run(s);
        assert_true(fates[1].told == 1 && !fates[1].durable);
    }
    assert_int_equal(journal_writer_metrics(writer)->failures, 20);
    scratch_list(s);
    assert_int_equal(s->summary.segments, 1);
    struct journal_reader *reader = journal_reader_open(scratch_path(s, s->names[0]), NULL);
    struct journal_entry entry;
    assert_non_null(reader);
    assert_true(journal_reader_next(reader, &entry) && !journal_reader_next(reader, &entry));
    assert_int_equal(journal_reader_left(reader),
                     0); /* the half entry was cut off: no torn tail keeps the segment for a person */
    assert_true(journal_reader_is_final(reader));
    journal_reader_free(reader);
    disk.fail_from = NEVER;
    disk.fail_until = NEVER;
    assert_true(scratch_append(writer, 2, &fates[2]));
    scratch_run(s);
    assert_true(fates[2].durable);
    journal_writer_free(writer);
    power_cut_now(&disk, s, false);
    unsigned seen[SCRATCH_ENTRIES] = {0};
    assert_int_equal(scratch_read_all(s, seen), 2);
    assert_true(seen[0] == 1 && seen[2] == 1);
    assert_int_equal(scratch_empty(s), 2);
}

/* The order that docs/durability.md promises. */
static void test_order_of_operations(void **state)
{
    struct scratch *s = *state;
    struct power_cut disk;
    struct journal_disk seam = power_cut_disk(&disk);
    struct fate fate = {.told = 0};
    s->config.disk = &seam;
    struct journal_writer *writer = journal_writer_new(&s->config, NULL);
    assert_non_null(writer);
    assert_string_equal(disk.trace, "open usage ");
    disk.trace[0] = '\0';
    assert_true(scratch_append(writer, 0, &fate));
    assert_string_equal(disk.trace, "");
    scratch_run(s);
    assert_string_equal(disk.trace, "usage create lock write fsync rename fsync-directory write fdatasync ");
    disk.trace[0] = '\0';
    assert_true(scratch_append(writer, 1, &fate));
    scratch_run(s);
    assert_string_equal(disk.trace, "write fdatasync ");
    disk.trace[0] = '\0';
    disk.fail_from = disk.calls + 2;
    disk.fail_until = disk.fail_from + 1;
    assert_true(scratch_append(writer, 2, &fate));
    scratch_run(s);
    assert_string_equal(disk.trace,
                        "write fdatasync cut close "); /* never tried again, and kept: two entries were answered */
    assert_true(fate.told == 3 && !fate.durable);
    journal_writer_free(writer);
}

static int set_up(void **state)
{
    static struct scratch s;
    scratch_init(&s);
    *state = &s;
    return 0;
}

static int tear_down(void **state)
{
    scratch_release(*state);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order_of_operations, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_one_call_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_all_calls_fail_from_one_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_failures_while_recovering, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_full_disk_recovers, set_up, tear_down),
    };
    log_set_level(LOG_ERROR + 1); /* every failure would be told */
    return cmocka_run_group_tests_name("journal power cut", tests, NULL, NULL);
}
