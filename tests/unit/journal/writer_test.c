/* SPDX-License-Identifier: Apache-2.0
 * What is appended is read back, in order, once for each turn of the loop; limits are kept and room that returns is used. */
#include "scratch.h"

#include "journal/disk.h"

/* The real disk, counting what costs time. */
struct counter {
    unsigned writes, syncs;
};

static ssize_t counting_write(void *context, int fd, const void *data, size_t length)
{
    ((struct counter *)context)->writes++;
    return write(fd, data, length);
}

static int counting_sync_data(void *context, int fd)
{
    ((struct counter *)context)->syncs++;
    return fdatasync(fd);
}

static struct journal_disk counting_disk(struct counter *counter)
{
    struct journal_disk disk = *journal_disk_real();
    disk.context = counter;
    disk.write = counting_write;
    disk.sync_data = counting_sync_data;
    return disk;
}

static struct journal_writer *new_writer(struct scratch *s)
{
    struct journal_writer *writer = journal_writer_new(&s->config, NULL);
    assert_non_null(writer);
    return writer;
}

static void assert_stored(struct scratch *s, unsigned count)
{
    unsigned seen[SCRATCH_ENTRIES] = {0};
    assert_int_equal(scratch_read_all(s, seen), count);
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(seen[i], 1);
    }
}

static void test_a_turn_shares_one_sync(void **state)
{
    struct scratch *s = *state;
    enum { TURNS = 5, EACH = 20 };
    struct fate fates[TURNS * EACH] = {{.told = 0}};
    struct counter counter = {.writes = 0};
    struct journal_disk disk = counting_disk(&counter);
    s->config.disk = &disk;
    struct journal_writer *writer = new_writer(s);
    scratch_list(s);
    assert_int_equal(s->summary.segments, 0); /* no file before the first append */
    for (unsigned turn = 0; turn < TURNS; turn++) {
        for (unsigned i = turn * EACH; i < (turn + 1) * EACH; i++) {
            assert_true(scratch_append(writer, i, &fates[i]));
            assert_int_equal(fates[i].told, 0);
        }
        scratch_run(s);
        assert_int_equal(counter.syncs, turn + 1);
        assert_int_equal(counter.writes, 1 + turn + 1); /* the header's is the one more */
    }
    for (unsigned i = 0; i < TURNS * EACH; i++) {
        assert_true(fates[i].told == 1 && fates[i].durable);
        assert_true(i == 0 || fates[i].order == fates[i - 1].order + 1);
    }
    const struct journal_metrics *metrics = journal_writer_metrics(writer);
    assert_int_equal(metrics->appended, TURNS * EACH);
    assert_int_equal(metrics->syncs, TURNS);
    assert_int_equal(metrics->failures, 0);
    scratch_list(s);
    assert_int_equal(s->summary.segments, 1);
    assert_int_equal(metrics->bytes, s->summary.bytes - 8);
    journal_writer_free(writer);
    assert_stored(s, TURNS * EACH);
}

static void test_payloads_of_any_length(void **state)
{
    struct scratch *s = *state;
    static const size_t lengths[] = {0, 1, 1000, JOURNAL_PAYLOAD_MAX - 1, JOURNAL_PAYLOAD_MAX};
    enum { COUNT = sizeof(lengths) / sizeof(lengths[0]) };
    struct fate fates[COUNT] = {{.told = 0}};
    struct fate never = {.told = 0};
    static char payload[JOURNAL_PAYLOAD_MAX + 1];
    memset(payload, 'p', sizeof(payload));
    struct journal_writer *writer = new_writer(s);
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(journal_append(writer, 1, slice_make(payload, lengths[i]), on_fate, &fates[i]));
    }
    assert_false(journal_append(writer, 1, slice_make(payload, sizeof(payload)), on_fate, &never));
    scratch_run(s);
    journal_writer_free(writer);
    assert_int_equal(never.told, 0);
    scratch_list(s);
    struct journal_reader *reader = journal_reader_open(scratch_path(s, s->names[0]), NULL);
    struct journal_entry entry;
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(fates[i].durable);
        assert_true(journal_reader_next(reader, &entry));
        assert_true(slice_equal(entry.payload, slice_make(payload, lengths[i])));
    }
    assert_false(journal_reader_next(reader, &entry));
    journal_reader_free(reader);
}

static void test_segments(void **state)
{
    struct scratch *s = *state;
    enum { COUNT = 30 };
    struct fate fates[COUNT] = {{.told = 0}};
    s->config.segment_max = 200;
    struct journal_writer *writer = new_writer(s);
    journal_rotate(writer); /* harmless before the first */
    for (unsigned i = 0; i < COUNT; i++) {
        assert_true(scratch_append(writer, i, &fates[i]));
        if (i % 3 != 0) {
            scratch_run(s);
        }
    }
    scratch_run(s);
    journal_rotate(writer);
    journal_rotate(writer);
    scratch_list(s);
    assert_in_range(s->summary.segments, 8, COUNT);
    for (unsigned i = 0; i < s->summary.segments; i++) {
        struct stat facts;
        assert_int_equal(stat(scratch_path(s, s->names[i]), &facts), 0);
        assert_in_range(facts.st_size, 9, 200);
        assert_int_equal(facts.st_mode & 07777, 0600);
    }
    journal_writer_free(writer);
    assert_stored(s, COUNT);
}

/* Names sort in the order the segments were made, over a restart too. */
static void test_names_sort_by_age(void **state)
{
    struct scratch *s = *state;
    unsigned number = 0;
    struct fate fate = {.told = 0};
    for (unsigned start = 0; start < 3; start++) {
        struct journal_writer *writer = new_writer(s);
        for (unsigned i = 0; i < 2; i++) {
            assert_true(scratch_append(writer, number++, &fate));
            scratch_run(s);
            journal_rotate(writer);
        }
        journal_writer_free(writer);
    }
    scratch_list(s);
    assert_int_equal(s->summary.segments, number);
    for (unsigned i = 0; i < number; i++) {
        struct journal_reader *reader = journal_reader_open(scratch_path(s, s->names[i]), NULL);
        struct journal_entry entry;
        assert_true(journal_reader_next(reader, &entry));
        assert_is_entry(&entry, i);
        journal_reader_free(reader);
    }
}

struct chain {
    struct journal_writer *writer;
    unsigned next, last;
    bool refused;
};

static void append_in_turn(void *context, bool durable)
{
    struct chain *chain = context;
    char text[128];
    (void)durable;
    if (chain->next < chain->last) {
        unsigned number = chain->next++;
        chain->refused =
            !journal_append(chain->writer, (uint8_t)(number + 1), entry_text(number, text), append_in_turn, chain);
    }
}

static void test_a_callback_may_append(void **state)
{
    struct scratch *s = *state;
    struct chain chain = {.writer = new_writer(s), .last = 10};
    append_in_turn(&chain, true);
    scratch_run(s);
    assert_int_equal(journal_writer_metrics(chain.writer)->appended, 10);
    assert_int_equal(journal_writer_metrics(chain.writer)->syncs, 10);

    chain.last = 12; /* one gathers, is told by free, and its callback appends in vain */
    append_in_turn(&chain, true);
    journal_writer_free(chain.writer);
    assert_int_equal(chain.next, 12);
    assert_true(chain.refused);
    assert_stored(s, 10);
}

static void test_free_tells_who_still_waits(void **state)
{
    struct scratch *s = *state;
    struct fate fates[3] = {{.told = 0}};
    struct journal_writer *writer = new_writer(s);
    for (unsigned i = 0; i < 3; i++) {
        assert_true(scratch_append(writer, i, &fates[i]));
    }
    journal_writer_free(writer);
    for (unsigned i = 0; i < 3; i++) {
        assert_true(fates[i].told == 1 && !fates[i].durable);
    }
    assert_stored(s, 0);
    journal_writer_free(NULL);
}

/* Appends, four to a turn, until one is refused; returns how many were taken. */
static unsigned append_until_full(struct scratch *s, struct journal_writer *writer, struct fate *fate)
{
    unsigned taken = 0;
    while (taken < 100 && journal_append(writer, 1, SLICE("as long as the others"), on_fate, fate)) {
        taken++;
        if (taken % 4 == 0) {
            scratch_run(s);
        }
    }
    scratch_run(s);
    assert_int_equal(fate->told, taken);
    return taken;
}

/* Several turns fill the directory; what a reader deletes makes room again, as often as it does, without a restart. */
static void test_total_max(void **state)
{
    struct scratch *s = *state;
    static const char other[] = "edge-9-0000000000000000-00000001.journal"; /* another writer's bytes count as well */
    s->config.total_max = 1000;
    s->config.segment_max = 300;
    scratch_write_file(s, other, "MUSTERJ1", 8);
    struct journal_writer *writer = new_writer(s);
    for (unsigned round = 0; round < 4; round++) {
        struct fate fate = {.told = 0};
        assert_in_range(append_until_full(s, writer, &fate), round == 0 ? 16 : 4, 26);
        assert_true(fate.durable);
        scratch_list(s);
        assert_in_range(s->summary.bytes, 900, 1000);
        assert_int_equal(unlink(scratch_path(s, s->names[0])), 0);
    }
    journal_writer_free(writer);
}

static void test_a_turn_is_bounded(void **state)
{
    struct scratch *s = *state;
    enum { TURN_ENTRIES = 64 << 10 };
    struct fate fate = {.told = 0};
    unsigned taken = 0;
    struct journal_writer *writer = new_writer(s);
    while (taken <= TURN_ENTRIES && journal_append(writer, 1, SLICE(""), on_fate, &fate)) {
        taken++;
    }
    assert_int_equal(taken, TURN_ENTRIES);
    scratch_run(s);
    assert_int_equal(fate.told, taken);
    static char payload[JOURNAL_PAYLOAD_MAX];
    for (taken = 0; taken <= 128 && journal_append(writer, 1, slice_make(payload, sizeof(payload)), on_fate, &fate);) {
        taken++;
    }
    assert_int_equal(taken, 127);                                           /* 32 MiB, heads among them */
    assert_true(journal_append(writer, 1, SLICE("small"), on_fate, &fate)); /* what is small still fits */
    scratch_run(s);
    assert_true(fate.durable && journal_writer_metrics(writer)->failures == 0);
    journal_writer_free(writer);
}

static void test_what_it_is_made_of(void **state)
{
    struct scratch *s = *state;
    static const char *const names[] = {
        "", "Edge", "a/b", "..", "a.b", "a b", "0123456789012345678901234567890123456789012345678"};
    struct error error = {.code = ERROR_NONE};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        s->config.name = names[i];
        assert_null(journal_writer_new(&s->config, &error));
        assert_int_equal(error.code, ERROR_INVALID);
    }
    s->config.name = "edge-0";
    s->config.directory = "/nowhere/at/all";
    assert_null(journal_writer_new(&s->config, &error));
    assert_int_equal(error.code, ERROR_IO);
}

static void test_leftovers_are_swept(void **state)
{
    struct scratch *s = *state;
    static const struct {
        const char *name;
        bool swept;
    } files[] = {
        {"edge-0-0123456789abcdef-00000001.journal.new", true},
        {"edge-0-0123456789abcdef-00000001.journal", false},
        {"edge-1-0123456789abcdef-00000001.journal.new", false},
        {"edge-0-b-0123456789abcdef-00000001.journal.new", false},
        {"edge-0-0123456789abcdef-00000001.journal.old", false},
        {"edge-0.journal.new", false},
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        scratch_write_file(s, files[i].name, "MUSTERJ1", 8);
    }
    journal_writer_free(new_writer(s));
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        assert_int_equal(access(scratch_path(s, files[i].name), F_OK) != 0, files[i].swept);
    }
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
    struct scratch *s = *state;
    scratch_release(s);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_turn_shares_one_sync, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_payloads_of_any_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_segments, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names_sort_by_age, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_callback_may_append, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_free_tells_who_still_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_total_max, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_turn_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_it_is_made_of, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_leftovers_are_swept, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("journal writer", tests, NULL, NULL);
}
