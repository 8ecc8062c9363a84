/* SPDX-License-Identifier: Apache-2.0
 * What the journal's tests share: a scratch directory, a loop, entries that name themselves, and reading all of them back. */
#ifndef TESTS_UNIT_JOURNAL_SCRATCH_H
#define TESTS_UNIT_JOURNAL_SCRATCH_H

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "journal/journal.h"

enum { SCRATCH_NAMES = 64, SCRATCH_ENTRIES = 256 };

struct scratch {
    char directory[64];
    struct event_base *base;
    struct journal_writer_config config;
    char names[SCRATCH_NAMES][128];
    struct journal_summary summary;
};

/* What became of one append. */
struct fate {
    unsigned told;
    bool durable;
    unsigned order; /* among all that were told */
};

static inline void on_fate(void *context, bool durable)
{
    static unsigned order;
    struct fate *fate = context;
    fate->told++;
    fate->durable = durable;
    fate->order = ++order;
}

static inline void scratch_init(struct scratch *s)
{
    *s = (struct scratch){.base = event_base_new()};
    assert_non_null(s->base);
    (void)snprintf(s->directory, sizeof(s->directory), "/tmp/muster-journal-test.XXXXXX");
    assert_non_null(mkdtemp(s->directory));
    s->config = (struct journal_writer_config){.base = s->base, .directory = s->directory, .name = "edge-0"};
}

static inline const char *scratch_path(const struct scratch *s, const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof(path), "%s/%s", s->directory, name);
    return path;
}

static inline unsigned scratch_empty(const struct scratch *s)
{
    unsigned removed = 0;
    DIR *stream = opendir(s->directory);
    assert_non_null(stream);
    for (const struct dirent *found = readdir(stream); found != NULL; found = readdir(stream)) {
        if (found->d_name[0] != '.') {
            assert_int_equal(unlinkat(dirfd(stream), found->d_name, 0), 0);
            removed++;
        }
    }
    (void)closedir(stream);
    return removed;
}

static inline void scratch_release(struct scratch *s)
{
    (void)scratch_empty(s);
    assert_int_equal(rmdir(s->directory), 0);
    event_base_free(s->base);
}

static inline void scratch_list(struct scratch *s)
{
    assert_true(journal_list(s->directory, s->names, SCRATCH_NAMES, &s->summary, NULL));
}

static inline void scratch_write_file(const struct scratch *s, const char *name, const char *bytes, size_t length)
{
    int fd = open(scratch_path(s, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), (ssize_t)length);
    assert_int_equal(close(fd), 0);
}

static inline size_t scratch_read_file(const struct scratch *s, const char *name, char *bytes, size_t size)
{
    int fd = open(scratch_path(s, name), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t got = read(fd, bytes, size);
    assert_true(got >= 0 && (size_t)got < size);
    (void)close(fd);
    return (size_t)got;
}

/* Entry `number` has a length and content of its own, and kind number + 1. */
static inline struct slice entry_text(unsigned number, char text[128])
{
    int length = snprintf(text, 128, "entry %u%.*s", number, (int)(number * 7 % 50),
                          "--------------------------------------------------");
    return slice_make(text, (size_t)length);
}

static inline bool scratch_append(struct journal_writer *writer, unsigned number, struct fate *fate)
{
    char text[128];
    return journal_append(writer, (uint8_t)(number + 1), entry_text(number, text), on_fate, fate);
}

static inline void assert_is_entry(const struct journal_entry *entry, unsigned number)
{
    char text[128];
    assert_int_equal(entry->kind, number + 1);
    assert_true(slice_equal(entry->payload, entry_text(number, text)));
}

/* Counts in `seen` every entry of every segment. */
static inline unsigned scratch_read_all(struct scratch *s, unsigned seen[SCRATCH_ENTRIES])
{
    unsigned total = 0;
    scratch_list(s);
    assert_in_range(s->summary.segments, 0, SCRATCH_NAMES);
    for (unsigned i = 0; i < s->summary.segments; i++) {
        struct journal_reader *reader = journal_reader_open(scratch_path(s, s->names[i]), NULL);
        struct journal_entry entry;
        assert_non_null(reader);
        while (journal_reader_next(reader, &entry)) {
            unsigned number = entry.kind - 1U;
            assert_in_range(number, 0, SCRATCH_ENTRIES - 1);
            assert_is_entry(&entry, number);
            seen[number]++;
            total++;
        }
        journal_reader_free(reader);
    }
    return total;
}

static inline void scratch_run(struct scratch *s)
{
    assert_true(event_base_dispatch(s->base) >= 0); /* ends when no event is left */
}

#endif
