/* SPDX-License-Identifier: Apache-2.0
 * Making, appending to and giving up a segment file. */
#include "journal/segment.h"

#include <errno.h>
#include <stdio.h>

#include "journal/entry.h"

static const char where[] = "journal.segment";

void journal_segment_init(struct journal_segment *segment, const struct journal_disk *disk, int directory)
{
    *segment = (struct journal_segment){.disk = disk, .directory = directory, .fd = -1};
}

bool journal_segment_is_open(const struct journal_segment *segment)
{
    return segment->fd >= 0;
}

/* A short write on a regular file means the disk is full; the rest is not tried, as the tail is torn already. */
static bool write_all(struct journal_segment *segment, struct slice bytes)
{
    const struct journal_disk *disk = segment->disk;
    ssize_t written = disk->write(disk->context, segment->fd, bytes.data, bytes.length);
    if (written >= 0 && (size_t)written != bytes.length) {
        errno = ENOSPC;
        return false;
    }
    return written >= 0;
}

/* The file gets its name only when it is locked and holds its header: whoever sees the name without the lock sees a segment that
 * nobody will append to. Locked after it was visible, a reader could take it for an orphan and delete it under its writer. */
static bool make_file(struct journal_segment *segment, const char *making, const char *name, struct error *error)
{
    const struct journal_disk *disk = segment->disk;
    segment->fd = disk->create(disk->context, segment->directory, making);
    if (segment->fd < 0) {
        return error_set_errno(error, where, "create %s", making);
    }
    if (disk->lock(disk->context, segment->fd) != 0) {
        return error_set_errno(error, where, "lock %s", making);
    }
    if (!write_all(segment, SLICE(JOURNAL_MAGIC))) {
        return error_set_errno(error, where, "write %s", making);
    }
    if (disk->sync(disk->context, segment->fd) != 0) {
        return error_set_errno(error, where, "fsync %s", making);
    }
    if (disk->rename(disk->context, segment->directory, making, name) != 0) {
        return error_set_errno(error, where, "rename %s", making);
    }
    return true;
}

bool journal_segment_open(struct journal_segment *segment, const char *name, struct error *error)
{
    const struct journal_disk *disk = segment->disk;
    char making[JOURNAL_NAME_SIZE];
    (void)snprintf(making, sizeof(making), "%s" JOURNAL_MAKING, name);
    (void)snprintf(segment->name, sizeof(segment->name), "%s", name);
    segment->has_synced = false;
    segment->size = JOURNAL_MAGIC_SIZE;
    if (!make_file(segment, making, name, error)) {
        if (segment->fd >= 0) {
            (void)snprintf(segment->name, sizeof(segment->name), "%s", making);
            journal_segment_abandon(segment);
        }
        return false;
    }
    /* the name must survive a power cut before anything under it counts */
    if (disk->sync(disk->context, segment->directory) != 0) {
        (void)error_set_errno(error, where, "fsync the directory of %s", name);
        journal_segment_abandon(segment);
        return false;
    }
    return true;
}

bool journal_segment_append(struct journal_segment *segment, struct slice bytes, struct error *error)
{
    const struct journal_disk *disk = segment->disk;
    if (!write_all(segment, bytes)) {
        return error_set_errno(error, where, "write %s", segment->name);
    }
    if (disk->sync_data(disk->context, segment->fd) != 0) {
        return error_set_errno(error, where, "fdatasync %s", segment->name);
    }
    segment->size += bytes.length;
    segment->has_synced = true;
    return true;
}

void journal_segment_close(struct journal_segment *segment)
{
    if (segment->fd >= 0) {
        (void)segment->disk->close(segment->disk->context,
                                   segment->fd); /* what was answered is synced; the rest is not ours to save */
        segment->fd = -1;
    }
}

/* While still locked, so that no reader takes it up in between: without an answer in it the file goes; else what was written behind
 * the last answered entry is cut off, so that no torn tail is left for a person to look at and a full disk gets its room back. Should
 * either fail, what is there is replayed or kept aside: that is harmless, as every effect is exactly-once. */
void journal_segment_abandon(struct journal_segment *segment)
{
    const struct journal_disk *disk = segment->disk;
    if (segment->fd >= 0 && !segment->has_synced) {
        (void)disk->remove(disk->context, segment->directory, segment->name);
    } else if (segment->fd >= 0) {
        (void)disk->cut(disk->context, segment->fd, segment->size);
    }
    journal_segment_close(segment);
}
