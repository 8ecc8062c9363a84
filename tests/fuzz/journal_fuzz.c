/* SPDX-License-Identifier: Apache-2.0
 * Any file read as a segment: no entry leaves the file, seeking back reads the same, and what was written before is found. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "journal/entry.h"

enum { BUFFER_MAX = 4 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int make_file(struct slice bytes, char path[64])
{
    int fd = memfd_create("segment", MFD_CLOEXEC);
    bool ready = fd >= 0 && write(fd, bytes.data, bytes.length) == (ssize_t)bytes.length;
    assert(ready);
    (void)snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

/* The entry just read once more, from where it began. */
static void read_again(struct journal_reader *reader, uint64_t before, uint64_t sequence, uint8_t kind, size_t length)
{
    struct journal_entry entry;
    uint64_t after = journal_reader_offset(reader);
    bool same = journal_reader_seek(reader, before, NULL) && journal_reader_next(reader, &entry);
    assert(same && entry.sequence == sequence && entry.kind == kind && entry.payload.length == length);
    assert(journal_reader_offset(reader) == after);
}

static unsigned read_all(struct slice bytes)
{
    char path[64];
    unsigned count = 0;
    int fd = make_file(bytes, path);
    struct journal_reader *reader = journal_reader_open(path, NULL);
    struct journal_entry entry;
    uint64_t before = JOURNAL_MAGIC_SIZE;
    while (reader != NULL && journal_reader_next(reader, &entry)) {
        uint64_t after = journal_reader_offset(reader);
        assert(after == before + JOURNAL_HEAD_SIZE + entry.payload.length && after <= bytes.length);
        read_again(reader, before, entry.sequence, entry.kind, entry.payload.length);
        before = after;
        count++;
    }
    assert(reader == NULL || journal_reader_is_final(reader));
    while (reader != NULL && journal_reader_skip(reader)) { /* always to an entry, and further */
        bool found = journal_reader_offset(reader) > before && journal_reader_next(reader, &entry);
        assert(found);
        while (journal_reader_next(reader, &entry)) {
        }
        before = journal_reader_offset(reader);
    }
    journal_reader_free(reader);
    (void)close(fd);
    return count;
}

/* Entries cut from the input, then the input itself as a torn tail: each entry comes back, in spite of what follows. */
static void write_then_read(struct slice input)
{
    struct buffer made;
    unsigned written = 0;
    struct slice rest = input;
    buffer_init(&made, BUFFER_MAX);
    buffer_add_slice(&made, SLICE(JOURNAL_MAGIC));
    while (rest.length > 0) {
        size_t length = (uint8_t)rest.data[0];
        journal_entry_write(&made, written, (uint8_t)length, slice_sub(rest, 1, 1 + length));
        rest = slice_sub(rest, 1 + length, rest.length);
        written++;
    }
    assert(!made.failed);
    unsigned count = read_all(buffer_slice(&made));
    assert(count == written);
    buffer_add_slice(&made, input);
    count = read_all(buffer_slice(&made));
    assert(made.failed || count >= written);
    buffer_release(&made);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice input = slice_make(data, size);
    (void)read_all(input);
    if (size > 0 && size < 4096) {
        write_then_read(input);
    }
    return 0;
}
