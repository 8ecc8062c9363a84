/* SPDX-License-Identifier: Apache-2.0
 * Segments cut, damaged, alive and orphaned: what a reader returns of each, and when it may say that this is all. */
#include <signal.h>
#include <sys/wait.h>

#include "scratch.h"

enum { ENTRIES = 12, FILE_MAX = 4096, MAGIC = 8, HEAD = 17 };

/* A segment of ENTRIES entries, and where each ends. */
struct segment_bytes {
    char bytes[FILE_MAX];
    size_t length;
    size_t ends[ENTRIES];
};

static void make_segment(struct scratch *s, struct segment_bytes *made)
{
    struct fate fates[ENTRIES] = {{.told = 0}};
    struct journal_writer *writer = journal_writer_new(&s->config, NULL);
    size_t end = MAGIC;
    assert_non_null(writer);
    for (unsigned i = 0; i < ENTRIES; i++) {
        char text[128];
        assert_true(scratch_append(writer, i, &fates[i]));
        end += HEAD + entry_text(i, text).length;
        made->ends[i] = end;
    }
    scratch_run(s);
    journal_writer_free(writer);
    scratch_list(s);
    assert_int_equal(s->summary.segments, 1);
    made->length = scratch_read_file(s, s->names[0], made->bytes, FILE_MAX);
    assert_int_equal(made->length, end);
    (void)scratch_empty(s);
}

/* Entries that a reader returns of these bytes; each must be the original. `tail`: what it says of the rest. */
static unsigned count_entries(struct scratch *s, const char *bytes, size_t length, enum journal_tail *tail)
{
    struct journal_entry entry;
    unsigned count = 0;
    scratch_write_file(s, "x.journal", bytes, length);
    struct journal_reader *reader = journal_reader_open(scratch_path(s, "x.journal"), NULL);
    if (reader == NULL) {
        return ENTRIES + 1;
    }
    while (journal_reader_next(reader, &entry)) {
        assert_in_range(count, 0, ENTRIES - 1);
        assert_is_entry(&entry, count);
        assert_int_equal(entry.sequence, count + 1);
        count++;
    }
    assert_true(journal_reader_is_final(reader) && !journal_reader_failed(reader));
    *tail = journal_reader_tail(reader);
    journal_reader_free(reader);
    return count;
}

static unsigned whole_within(const struct segment_bytes *made, size_t length)
{
    unsigned count = 0;
    while (count < ENTRIES && made->ends[count] <= length) {
        count++;
    }
    return count;
}

static void test_cut_anywhere(void **state)
{
    struct scratch *s = *state;
    static struct segment_bytes made;
    enum journal_tail tail = JOURNAL_TAIL_NONE;
    make_segment(s, &made);
    for (size_t length = 0; length <= made.length; length++) {
        unsigned whole = whole_within(&made, length);
        assert_int_equal(count_entries(s, made.bytes, length, &tail), whole);
        bool between = length <= MAGIC || (whole > 0 && made.ends[whole - 1] == length);
        assert_int_equal(tail, between ? JOURNAL_TAIL_NONE : JOURNAL_TAIL_TORN);
    }
}

/* After a power cut a file system may have the length but not the bytes. */
static void test_cut_and_zeroed(void **state)
{
    struct scratch *s = *state;
    enum journal_tail tail = JOURNAL_TAIL_NONE;
    static struct segment_bytes made;
    make_segment(s, &made);
    for (size_t length = made.length; length-- > MAGIC;) {
        made.bytes[length] = '\0';
        unsigned count = count_entries(s, made.bytes, made.length, &tail);
        assert_int_equal(count, whole_within(&made, length));
        assert_int_equal(tail, JOURNAL_TAIL_DAMAGED);
    }
}

/* What was answered once and is damaged since is never taken for a torn tail, which is thrown away. */
static void test_any_flipped_bit(void **state)
{
    struct scratch *s = *state;
    enum journal_tail tail = JOURNAL_TAIL_NONE;
    static struct segment_bytes made;
    make_segment(s, &made);
    for (size_t bit = 0; bit < 8 * made.length; bit++) {
        char before = made.bytes[bit / 8];
        made.bytes[bit / 8] = (char)(before ^ (1 << bit % 8));
        unsigned expected = bit / 8 < MAGIC ? ENTRIES + 1 : whole_within(&made, bit / 8);
        assert_int_equal(count_entries(s, made.bytes, made.length, &tail), expected);
        assert_true(expected > ENTRIES || tail == JOURNAL_TAIL_DAMAGED);
        made.bytes[bit / 8] = before;
    }
}

/* Of entries with a byte that is wrong all others are found, whichever byte it is: of the length, the sequence, anything. */
static void test_skips_over_any_flipped_bit(void **state)
{
    struct scratch *s = *state;
    static struct segment_bytes made;
    make_segment(s, &made);
    for (size_t bit = 8 * MAGIC; bit < 8 * made.length; bit++) {
        struct journal_entry entry;
        unsigned bad = whole_within(&made, bit / 8);
        made.bytes[bit / 8] = (char)(made.bytes[bit / 8] ^ (1 << bit % 8));
        scratch_write_file(s, "x.journal", made.bytes, made.length);
        struct journal_reader *reader = journal_reader_open(scratch_path(s, "x.journal"), NULL);
        for (unsigned i = 0; i < ENTRIES; i++) {
            assert_true(i != bad || !journal_reader_next(reader, &entry));
            assert_true(i != bad || journal_reader_skip(reader) == (bad + 1 < ENTRIES));
            assert_true(i == bad || journal_reader_next(reader, &entry));
            assert_true(i == bad || entry.sequence == i + 1);
        }
        assert_false(journal_reader_next(reader, &entry));
        assert_false(journal_reader_skip(reader));
        journal_reader_free(reader);
        made.bytes[bit / 8] = (char)(made.bytes[bit / 8] ^ (1 << bit % 8));
    }
}

/* Two sectors of zeros, longer than what is read at once; and an entry of another place behind them, which is none of this segment's. */
static void test_skips_far(void **state)
{
    enum { GONE = 2 * JOURNAL_PAYLOAD_MAX + 4096 };
    struct scratch *s = *state;
    static struct segment_bytes made;
    struct journal_entry entry;
    make_segment(s, &made);
    size_t head = made.ends[1], rest = made.length - made.ends[7];
    char *bytes = calloc(1, GONE + FILE_MAX);
    assert_non_null(bytes);
    memcpy(bytes, made.bytes, head);
    memcpy(bytes + GONE, made.bytes + MAGIC,
           made.ends[0] - MAGIC); /* the first entry once more: its number is behind */
    memcpy(bytes + GONE + FILE_MAX - rest, made.bytes + made.ends[7], rest);
    scratch_write_file(s, "x.journal", bytes, GONE + FILE_MAX);
    free(bytes);
    struct journal_reader *reader = journal_reader_open(scratch_path(s, "x.journal"), NULL);
    assert_true(journal_reader_next(reader, &entry) && journal_reader_next(reader, &entry));
    assert_false(journal_reader_next(reader, &entry));
    assert_true(journal_reader_skip(reader));
    assert_int_equal(journal_reader_offset(reader), GONE + FILE_MAX - rest);
    for (unsigned i = 8; i < ENTRIES; i++) {
        assert_true(journal_reader_next(reader, &entry));
        assert_is_entry(&entry, i);
    }
    assert_false(journal_reader_next(reader, &entry) || journal_reader_skip(reader));
    journal_reader_free(reader);
}

static void test_what_is_no_segment(void **state)
{
    struct scratch *s = *state;
    struct error error = {.code = ERROR_NONE};
    assert_null(journal_reader_open(scratch_path(s, "absent"), &error));
    assert_int_equal(error.code, ERROR_IO);
    scratch_write_file(s, "x.journal", "MUSTERJ2", 8);
    assert_null(journal_reader_open(scratch_path(s, "x.journal"), &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_null(journal_reader_open(s->directory, &error));
    journal_reader_free(NULL);
}

/* The format as journal.h states it, byte by byte; the checksum of nine given bytes and "hi" by another implementation. */
static void test_the_documented_format(void **state)
{
    struct scratch *s = *state;
    static const char bytes[] = "MUSTERJ1"
                                "\0\0\0\2"
                                "\365\026\137\142"
                                "\1\2\3\4\5\6\7\10"
                                "\11"
                                "hi";
    struct journal_entry entry;
    scratch_write_file(s, "x.journal", bytes, sizeof(bytes) - 1);
    struct journal_reader *reader = journal_reader_open(scratch_path(s, "x.journal"), NULL);
    assert_non_null(reader);
    assert_true(journal_reader_next(reader, &entry));
    assert_int_equal(entry.sequence, 0x0102030405060708);
    assert_int_equal(entry.kind, 9);
    assert_true(slice_equal(entry.payload, SLICE("hi")));
    assert_false(journal_reader_next(reader, &entry));
    journal_reader_free(reader);
}

static void test_seek(void **state)
{
    struct scratch *s = *state;
    static struct segment_bytes made;
    struct journal_entry entry;
    make_segment(s, &made);
    scratch_write_file(s, "x.journal", made.bytes, made.length);
    struct journal_reader *reader = journal_reader_open(scratch_path(s, "x.journal"), NULL);
    assert_non_null(reader);
    assert_int_equal(journal_reader_offset(reader), MAGIC);
    for (unsigned i = ENTRIES; i-- > 1;) {
        assert_true(journal_reader_seek(reader, made.ends[i - 1], NULL));
        assert_true(journal_reader_next(reader, &entry));
        assert_is_entry(&entry, i);
        assert_int_equal(journal_reader_offset(reader), made.ends[i]);
    }
    assert_false(journal_reader_seek(reader, MAGIC - 1, NULL));
    assert_false(journal_reader_seek(reader, made.length + 1, NULL));
    assert_true(journal_reader_seek(reader, made.length, NULL));
    assert_false(journal_reader_is_final(reader)); /* nobody has looked yet */
    assert_false(journal_reader_next(reader, &entry));
    assert_true(journal_reader_is_final(reader));
    journal_reader_free(reader);
}

static struct journal_reader *open_only_segment(struct scratch *s)
{
    scratch_list(s);
    assert_int_equal(s->summary.segments, 1);
    struct journal_reader *reader = journal_reader_open(scratch_path(s, s->names[0]), NULL);
    assert_non_null(reader);
    return reader;
}

/* The segment that a writer goes on with must never be taken for finished: its reader would delete it. */
static void test_a_live_segment(void **state)
{
    struct scratch *s = *state;
    struct fate fates[3] = {{.told = 0}};
    struct journal_entry entry;
    struct journal_writer *writer = journal_writer_new(&s->config, NULL);
    assert_true(scratch_append(writer, 0, &fates[0]));
    scratch_run(s);
    struct journal_reader *reader = open_only_segment(s);
    assert_true(journal_reader_next(reader, &entry));
    assert_false(journal_reader_is_final(reader));
    assert_false(journal_reader_next(reader, &entry));
    assert_false(journal_reader_is_final(reader));

    assert_true(scratch_append(writer, 1, &fates[1]));
    scratch_run(s);
    assert_true(journal_reader_next(reader, &entry));
    assert_is_entry(&entry, 1);
    assert_false(journal_reader_next(reader, &entry));

    /* written and let go between the reader's last look and its question */
    assert_true(scratch_append(writer, 2, &fates[2]));
    scratch_run(s);
    journal_rotate(writer);
    assert_true(fates[2].durable);
    assert_false(journal_reader_is_final(reader));
    assert_true(journal_reader_next(reader, &entry));
    assert_is_entry(&entry, 2);
    assert_false(journal_reader_next(reader, &entry));
    assert_true(journal_reader_is_final(reader));
    journal_reader_free(reader);
    journal_writer_free(writer);
}

/* Asking must not take the segment from its writer, nor its answer from another reader. */
static void test_asking_changes_nothing(void **state)
{
    struct scratch *s = *state;
    struct fate fates[2] = {{.told = 0}};
    struct journal_entry entry;
    struct journal_writer *writer = journal_writer_new(&s->config, NULL);
    assert_true(scratch_append(writer, 0, &fates[0]));
    scratch_run(s);
    struct journal_reader *a = open_only_segment(s);
    struct journal_reader *b = open_only_segment(s);
    assert_true(journal_reader_next(a, &entry) && journal_reader_next(b, &entry));
    assert_false(journal_reader_next(a, &entry) || journal_reader_next(b, &entry));
    for (unsigned i = 0; i < 3; i++) {
        assert_false(journal_reader_is_final(a) || journal_reader_is_final(b));
    }
    journal_rotate(writer);
    assert_true(journal_reader_is_final(a) && journal_reader_is_final(b) && journal_reader_is_final(a));
    journal_reader_free(a);
    journal_reader_free(b);
    journal_writer_free(writer);
}

/* The child's life: one answered entry, one that had no turn of the loop yet, then it waits to be killed. */
static void live_as_writer(struct scratch *s, int tell)
{
    struct fate fates[2] = {{.told = 0}};
    struct journal_writer_config config = s->config;
    config.base = event_base_new();
    struct journal_writer *writer = journal_writer_new(&config, NULL);
    if (writer != NULL && scratch_append(writer, 0, &fates[0]) && event_base_dispatch(config.base) >= 0 &&
        fates[0].durable && scratch_append(writer, 1, &fates[1]) && write(tell, "x", 1) == 1) {
        for (;;) {
            (void)pause();
        }
    }
    _exit(1);
}

static void test_a_killed_writer_leaves_an_orphan(void **state)
{
    struct scratch *s = *state;
    struct journal_entry entry;
    int told[2];
    int status = 0;
    char byte = 0;
    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(told[0]);
        live_as_writer(s, told[1]);
    }
    (void)close(told[1]);
    assert_int_equal(read(told[0], &byte, 1), 1);
    struct journal_reader *reader = open_only_segment(s);
    assert_true(journal_reader_next(reader, &entry));
    assert_is_entry(&entry, 0);
    assert_false(journal_reader_next(reader, &entry));
    assert_false(journal_reader_is_final(reader));
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_false(journal_reader_next(reader, &entry));
    assert_true(journal_reader_is_final(reader));
    journal_reader_free(reader);
    (void)close(told[0]);
}

static void test_list(void **state)
{
    static const char *const names[] = {"edge-1-b.journal", "edge-0-c.journal", "edge-0-a.journal",
                                        "edge-0-b.journal", "notes.txt",        "x.journal.new",
                                        ".journal",         "y.journal.refused"};
    static const char *const sorted[] = {"edge-0-a.journal", "edge-0-b.journal", "edge-0-c.journal",
                                         "edge-1-b.journal"};
    struct scratch *s = *state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        scratch_write_file(s, names[i], "12345678", i < 4 ? i + 1 : 8);
    }
    assert_int_equal(mkdir(scratch_path(s, "z.journal"), 0700), 0);
    for (unsigned max = 0; max <= 5; max++) {
        memset(s->names, 0, sizeof(s->names));
        assert_true(journal_list(s->directory, max > 0 ? s->names : NULL, max, &s->summary, NULL));
        assert_int_equal(s->summary.segments, 4);
        assert_int_equal(s->summary.bytes, 1 + 2 + 3 + 4);
        assert_true(s->summary.oldest_us > 0);
        for (unsigned i = 0; i < 5; i++) {
            assert_string_equal(s->names[i], i < max && i < 4 ? sorted[i] : "");
        }
    }
    assert_int_equal(rmdir(scratch_path(s, "z.journal")), 0);
    assert_int_equal(unlink(scratch_path(s, ".journal")), 0);
    assert_false(journal_list(scratch_path(s, "absent"), s->names, 4, &s->summary, NULL));
    assert_int_equal(s->summary.segments, 0);
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
        cmocka_unit_test_setup_teardown(test_cut_anywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut_and_zeroed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_any_flipped_bit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_skips_over_any_flipped_bit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_skips_far, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_segment, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_documented_format, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_seek, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_live_segment, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_asking_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_killed_writer_leaves_an_orphan, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_list, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("journal reader", tests, NULL, NULL);
}
