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

#define NOT_AT_END UINT64_MAX

struct journal_reader {
    int fd;
    uint64_t offset;   /* of the next entry */
    uint64_t end_size; /* the file's size when nothing whole was found at `offset`; NOT_AT_END otherwise */
    char bytes[JOURNAL_ENTRY_MAX];
};

/* All of `length` bytes at `offset`; false when the file is shorter or cannot be read: both mean "no whole entry". */
static bool read_at(int fd, uint64_t offset, char *bytes, size_t length)
{
    size_t have = 0;
    while (have < length) {
        ssize_t got = pread(fd, bytes + have, length - have, (off_t)(offset + have));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
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
    if (!read_at(reader->fd, 0, reader->bytes, length)) {
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
    if (left < JOURNAL_HEAD_SIZE || !read_at(reader->fd, reader->offset, reader->bytes, JOURNAL_HEAD_SIZE)) {
        return false;
    }
    size_t length = journal_entry_size(reader->bytes);
    if (length == 0 || left < length ||
        !read_at(reader->fd, reader->offset + JOURNAL_HEAD_SIZE, reader->bytes + JOURNAL_HEAD_SIZE,
                 length - JOURNAL_HEAD_SIZE) ||
        !journal_entry_read(slice_make(reader->bytes, length), entry)) {
        return false;
    }
    reader->offset += length;
    return true;
}

bool journal_reader_next(struct journal_reader *reader, struct journal_entry *entry)
{
    uint64_t size = 0;
    if (!file_size(reader->fd, &size)) {
        return false;
    }
    bool found = read_entry(reader, size, entry);
    reader->end_size = found ? NOT_AT_END : size;
    return found;
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
    return true;
}
