/* SPDX-License-Identifier: Apache-2.0
 * The one segment a writer appends to: made durably, trusted only as far as its last sync; inside lib/journal only. */
#ifndef JOURNAL_SEGMENT_H
#define JOURNAL_SEGMENT_H

#include "core/error.h"
#include "core/slice.h"
#include "journal/disk.h"

enum { JOURNAL_NAME_SIZE = 128 };

struct journal_segment {
    const struct journal_disk *disk;
    int directory;
    int fd; /* -1: none is open */
    char name[JOURNAL_NAME_SIZE];
    uint64_t size;   /* bytes written and synced, the header among them: never more than is in answered entries */
    bool has_synced; /* something in it was answered: it must stay */
};

/* With no file yet. The directory's descriptor stays the caller's. */
void journal_segment_init(struct journal_segment *segment, const struct journal_disk *disk, int directory);
bool journal_segment_is_open(const struct journal_segment *segment);
/* Makes the file, locks it and syncs it and its directory; on failure nothing is open and no file is left behind, as far as that
 * can be helped. `name` is shorter than JOURNAL_NAME_SIZE less 4. */
bool journal_segment_open(struct journal_segment *segment, const char *name, struct error *error);
/* True once all of `bytes` are on stable storage. After false the segment must be abandoned. */
bool journal_segment_append(struct journal_segment *segment, struct slice bytes, struct error *error);
/* The file stays, and is a reader's from here on. Harmless when none is open. */
void journal_segment_close(struct journal_segment *segment);
/* As close; but a file in which nothing was answered is removed, and of another what was written since the last sync is cut off. */
void journal_segment_abandon(struct journal_segment *segment);

#endif
