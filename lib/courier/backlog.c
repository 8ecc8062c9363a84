/* SPDX-License-Identifier: Apache-2.0
 * For each segment: up to where it was counted, how many entries before that wait, and since when the first of them does. */
#include "courier/backlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal.h"
#include "store/journalled.h"

enum { NAME_SIZE = 128, PATH_BYTES = 4096, SEGMENTS_MAX = 1024, ENTRIES_A_LOOK = 8192 };

struct counted {
    char name[NAME_SIZE];
    uint64_t offset; /* 0: from the first entry on */
    uint64_t entries;
    uint64_t confirmed; /* where the first that waits begins; 0: it is the segment's first */
    int64_t since_us;   /* when that one was taken; 0: to be read */
};

struct backlog {
    const char *directory;
    struct counted *segments, *before; /* of this look and of the last, both in the order of the names */
    unsigned count;
};

struct backlog *backlog_new(const char *directory)
{
    struct backlog *backlog = calloc(1, sizeof(*backlog));
    if (backlog == NULL) {
        return NULL;
    }
    backlog->directory = directory;
    backlog->segments = calloc(SEGMENTS_MAX, sizeof(*backlog->segments));
    backlog->before = calloc(SEGMENTS_MAX, sizeof(*backlog->before));
    if (backlog->segments == NULL || backlog->before == NULL) {
        backlog_free(backlog);
        return NULL;
    }
    return backlog;
}

void backlog_free(struct backlog *backlog)
{
    if (backlog != NULL) {
        free(backlog->segments);
        free(backlog->before);
        free(backlog);
    }
}

static int by_name(const void *name, const void *counted)
{
    return strcmp(name, ((const struct counted *)counted)->name);
}

static struct counted *find(struct counted *segments, unsigned count, const char *name)
{
    return bsearch(name, segments, count, sizeof(*segments), by_name);
}

/* The file's own time tells nothing: it is that of the entry written last. `first`: where the segment's entries begin. */
static void read_since(struct journal_reader *reader, uint64_t first, struct counted *segment)
{
    struct journal_entry entry;
    struct error error = {.code = ERROR_NONE};
    bool asked = segment->entries > 0 && segment->since_us == 0;
    if (asked && journal_reader_seek(reader, segment->confirmed > 0 ? segment->confirmed : first, &error) &&
        journal_reader_next(reader, &entry)) {
        segment->since_us = journalled_at(entry.kind, entry.payload);
    }
}

/* Shorter than it was counted: its writer took back what it could not sync. All of it is counted once more. */
static bool seek_again(struct journal_reader *reader, uint64_t first, struct counted *segment)
{
    struct error error = {.code = ERROR_NONE};
    segment->entries = segment->confirmed = 0;
    segment->since_us = 0;
    return journal_reader_seek(reader, first, &error);
}

/* A segment that cannot be read now is counted at another look: it says nothing. */
static void count_on(const struct backlog *backlog, struct counted *segment, unsigned *allowed)
{
    char path[PATH_BYTES];
    struct journal_entry entry;
    struct error error = {.code = ERROR_NONE};
    (void)snprintf(path, sizeof(path), "%s/%s", backlog->directory, segment->name);
    struct journal_reader *reader = journal_reader_open(path, &error);
    uint64_t first = reader != NULL ? journal_reader_offset(reader) : 0;
    bool placed = reader != NULL && (segment->offset == 0 || journal_reader_seek(reader, segment->offset, &error) ||
                                     (error.code == ERROR_INVALID && seek_again(reader, first, segment)));
    if (placed) {
        while (*allowed > 0 && journal_reader_next(reader, &entry)) {
            segment->entries++;
            --*allowed;
        }
        segment->offset = journal_reader_offset(reader);
        read_since(reader, first, segment);
    }
    journal_reader_free(reader);
}

void backlog_look(struct backlog *backlog, char (*names)[128], unsigned count)
{
    struct counted *before = backlog->segments;
    unsigned before_count = backlog->count;
    unsigned allowed = ENTRIES_A_LOOK;
    backlog->segments = backlog->before;
    backlog->before = before;
    backlog->count = count < SEGMENTS_MAX ? count : SEGMENTS_MAX;
    for (unsigned i = 0; i < backlog->count; i++) {
        const struct counted *known = find(before, before_count, names[i]);
        struct counted *segment = &backlog->segments[i];
        *segment = known != NULL ? *known : (struct counted){.offset = 0};
        memcpy(segment->name, names[i], sizeof(segment->name));
        if (allowed > 0) {
            count_on(backlog, segment, &allowed);
        }
    }
}

void backlog_confirm(struct backlog *backlog, const char *name, uint64_t offset, uint64_t entries)
{
    struct counted *segment = find(backlog->segments, backlog->count, name);
    if (segment != NULL) {
        segment->confirmed = offset;
        segment->since_us = 0;
    }
    if (segment != NULL && segment->offset >= offset) {
        segment->entries -= entries < segment->entries ? entries : segment->entries;
    } else if (segment != NULL) {
        segment->offset = offset;
        segment->entries = 0;
    }
}

uint64_t backlog_entries(const struct backlog *backlog)
{
    uint64_t entries = 0;
    for (unsigned i = 0; i < backlog->count; i++) {
        entries += backlog->segments[i].entries;
    }
    return entries;
}

int64_t backlog_since_us(const struct backlog *backlog)
{
    int64_t since_us = 0;
    for (unsigned i = 0; i < backlog->count; i++) {
        int64_t own_us = backlog->segments[i].since_us;
        since_us = own_us != 0 && (since_us == 0 || own_us < since_us) ? own_us : since_us;
    }
    return since_us;
}
