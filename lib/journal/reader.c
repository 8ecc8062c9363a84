/* SPDX-License-Identifier: Apache-2.0
 * Reads a segment that its writer may still be appending to. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/entry.h"

static const char where[] = "journal.reader";

#define NOT_AT_END  UINT64_MAX
#define SKIPPED_MAX (UINT64_C(128) << 20) /* more than a writer puts into one segment */

struct journal_reader {
    int fd;
    uint64_t offset;   /* of the next entry */
    uint64_t end_size; /* the file's size when nothing whole was found at `offset`; NOT_AT_END otherwise */
    uint64_t sequence; /* of the last entry read; 0 when none was since the last seek */
    bool failed;       /* the disk did not give what is there: neither an entry nor the end */
    char bytes[JOURNAL_ENTRY_MAX];
};

/* All of `length` bytes at `offset`; false when the file is shorter ("no whole entry"), or cannot be read now, which is noted. */
static bool read_at(struct journal_reader *reader, uint64_t offset, char *bytes, size_t length)
{
    size_t have = 0;
    while (have < length) {
        ssize_t got = pread(reader->fd, bytes + have, length - have, (off_t)(offset + have));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            reader->failed = got < 0;
            return false;
        }
        have += (size_t)got;
    }
    return true;
}

static bool file_size(int fd, uint64_t *size)
{
    struct stat facts;
    if (fstat(fd, &facts) != 0) {
        return false;
    }
    *size = (uint64_t)facts.st_size;
    return true;
}

/* A header cut short is a torn tail like any other: the segment holds nothing. */
static bool check_header(struct journal_reader *reader, const char *path, struct error *error)
{
    uint64_t size = 0;
    if (!file_size(reader->fd, &size)) {
        return error_set_errno(error, where, "stat %s", path);
    }
    size_t length = size < JOURNAL_MAGIC_SIZE ? (size_t)size : JOURNAL_MAGIC_SIZE;
    if (!read_at(reader, 0, reader->bytes, length)) {
        return error_set_errno(error, where, "read %s", path);
    }
    return memcmp(reader->bytes, JOURNAL_MAGIC, length) == 0 ||
           error_set(error, ERROR_INVALID, where, "%s is not a journal segment of version 1", path);
}

struct journal_reader *journal_reader_open(const char *path, struct error *error)
{
    struct journal_reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL) {
        (void)error_set(error, ERROR_NOMEM, where, "no memory to read %s", path);
        return NULL;
    }
    reader->offset = JOURNAL_MAGIC_SIZE;
    reader->end_size = NOT_AT_END;
    reader->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (reader->fd < 0) {
        (void)error_set_errno(error, where, "open %s", path);
    }
    if (reader->fd < 0 || !check_header(reader, path, error)) {
        journal_reader_free(reader);
        return NULL;
    }
    return reader;
}

void journal_reader_free(struct journal_reader *reader)
{
    if (reader != NULL && reader->fd >= 0) {
        (void)close(reader->fd); /* read only */
    }
    free(reader);
}

/* Nothing past `size` is looked at, so what the end was judged by is known exactly. */
static bool read_entry(struct journal_reader *reader, uint64_t size, struct journal_entry *entry)
{
    uint64_t left = size > reader->offset ? size - reader->offset : 0;
    if (left < JOURNAL_HEAD_SIZE || !read_at(reader, reader->offset, reader->bytes, JOURNAL_HEAD_SIZE)) {
        return false;
    }
    size_t length = journal_entry_size(reader->bytes);
    if (length == 0 || left < length ||
        !read_at(reader, reader->offset + JOURNAL_HEAD_SIZE, reader->bytes + JOURNAL_HEAD_SIZE,
                 length - JOURNAL_HEAD_SIZE) ||
        !journal_entry_read(slice_make(reader->bytes, length), entry)) {
        return false;
    }
    reader->offset += length;
    reader->sequence = entry->sequence;
    return true;
}

bool journal_reader_next(struct journal_reader *reader, struct journal_entry *entry)
{
    uint64_t size = 0;
    reader->end_size = NOT_AT_END;
    reader->failed = !file_size(reader->fd, &size);
    if (reader->failed) {
        return false;
    }
    bool found = read_entry(reader, size, entry);
    reader->end_size = found || reader->failed ? NOT_AT_END : size;
    return found;
}

bool journal_reader_failed(const struct journal_reader *reader)
{
    return reader->failed;
}

/* A shared lock is enough to tell whether a writer holds its exclusive one, and two readers do not hide each other's answer. The
 * size is compared while the lock is held: what the writer appended after our last look, just before it let go, is not lost. */
bool journal_reader_is_final(const struct journal_reader *reader)
{
    uint64_t size = 0;
    if (reader->end_size == NOT_AT_END || flock(reader->fd, LOCK_SH | LOCK_NB) != 0) {
        return false;
    }
    bool final = file_size(reader->fd, &size) && size == reader->end_size;
    (void)flock(reader->fd, LOCK_UN); /* closing would do it too */
    return final;
}

uint64_t journal_reader_offset(const struct journal_reader *reader)
{
    return reader->offset;
}

uint64_t journal_reader_left(const struct journal_reader *reader)
{
    bool ended = reader->end_size != NOT_AT_END && reader->end_size > reader->offset;
    return ended ? reader->end_size - reader->offset : 0;
}

/* A whole entry at any byte of `bytes`, or one whose length alone is wrong. */
static bool holds_entry(struct slice bytes)
{
    struct journal_entry entry;
    for (size_t at = 0; at + JOURNAL_HEAD_SIZE <= bytes.length; at++) {
        size_t length = journal_entry_size(bytes.data + at);
        if ((length != 0 && length <= bytes.length - at &&
             journal_entry_read(slice_sub(bytes, at, at + length), &entry)) ||
            (at == 0 && journal_entry_read(bytes, &entry))) {
            return true;
        }
    }
    return false;
}

enum journal_tail journal_reader_tail(struct journal_reader *reader)
{
    uint64_t left = journal_reader_left(reader);
    if (left == 0) {
        return JOURNAL_TAIL_NONE;
    }
    if (left >= JOURNAL_ENTRY_MAX || !read_at(reader, reader->offset, reader->bytes, (size_t)left)) {
        return JOURNAL_TAIL_DAMAGED;
    }
    if (left < JOURNAL_HEAD_SIZE) {
        return JOURNAL_TAIL_TORN;
    }
    /* a write that was stopped leaves the beginning of the next entry, and nothing behind it */
    bool begins = journal_entry_size(reader->bytes) > left &&
                  (reader->sequence == 0 || journal_entry_sequence(reader->bytes) == reader->sequence + 1);
    return begins && !holds_entry(slice_make(reader->bytes, (size_t)left)) ? JOURNAL_TAIL_TORN : JOURNAL_TAIL_DAMAGED;
}

/* An entry's head as one behind the last read would have it: the others between them are lost in `skipped` bytes. */
static bool may_follow(const struct journal_reader *reader, const char *head, uint64_t skipped)
{
    uint64_t sequence = journal_entry_sequence(head);
    if (reader->sequence == 0) {
        return sequence != 0; /* writers count from 1 */
    }
    return sequence > reader->sequence && sequence - reader->sequence <= 1 + skipped / JOURNAL_HEAD_SIZE;
}

/* Looks for a whole entry in reader->bytes, which are `have` bytes from `from` on. True: at `*at` of them. False: none begins before `*at`;
 * one may there that the bytes end in the middle of. */
static bool find_entry(const struct journal_reader *reader, uint64_t from, size_t have, size_t *at)
{
    struct journal_entry entry;
    for (*at = 0; *at + JOURNAL_HEAD_SIZE <= have; ++*at) {
        const char *head = reader->bytes + *at;
        size_t length = journal_entry_size(head);
        uint64_t begins = from + *at;
        if (length == 0 || length > reader->end_size - begins || !may_follow(reader, head, begins - reader->offset)) {
            continue;
        }
        if (length > have - *at) {
            return false;
        }
        if (journal_entry_read(slice_make(head, length), &entry)) {
            return true;
        }
    }
    return false;
}

bool journal_reader_skip(struct journal_reader *reader)
{
    uint64_t end = reader->end_size;
    bool ended = end != NOT_AT_END && end > reader->offset;
    for (uint64_t from = reader->offset + 1;
         ended && from + JOURNAL_HEAD_SIZE <= end && from - reader->offset <= SKIPPED_MAX;) {
        size_t have = end - from < JOURNAL_ENTRY_MAX ? (size_t)(end - from) : (size_t)JOURNAL_ENTRY_MAX;
        size_t at = 0;
        if (!read_at(reader, from, reader->bytes, have)) {
            return false;
        }
        bool found = find_entry(reader, from, have, &at);
        from += at; /* never 0 when none was found: a whole entry fits into what was read */
        if (found) {
            reader->offset = from;
            reader->end_size = NOT_AT_END;
            return true;
        }
    }
    return false;
}

bool journal_reader_seek(struct journal_reader *reader, uint64_t offset, struct error *error)
{
    uint64_t size = 0;
    if (!file_size(reader->fd, &size)) {
        return error_set_errno(error, where, "stat");
    }
    if (offset < JOURNAL_MAGIC_SIZE || (offset > size && offset > JOURNAL_MAGIC_SIZE)) {
        return error_set(error, ERROR_INVALID, where, "no entry begins at byte %llu", (unsigned long long)offset);
    }
    reader->offset = offset;
    reader->end_size = NOT_AT_END;
    reader->sequence = 0;
    return true;
}
