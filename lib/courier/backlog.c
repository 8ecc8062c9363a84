/* SPDX-License-Identifier: Apache-2.0
 * For each segment: up to where it was counted, and how many entries before that wait. */
#include "courier/backlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal.h"

enum { NAME_SIZE = 128, PATH_BYTES = 4096, SEGMENTS_MAX = 1024, ENTRIES_A_LOOK = 8192 };

struct counted {
    char name[NAME_SIZE];
    uint64_t offset; /* 0: from the first entry on */
    uint64_t entries;
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

/* A segment that cannot be read now is counted at another look: it says nothing. */
static void count_on(const struct backlog *backlog, struct counted *segment, unsigned *allowed)
{
    char path[PATH_BYTES];
    struct journal_entry entry;
    struct error error = {.code = ERROR_NONE};
    (void)snprintf(path, sizeof(path), "%s/%s", backlog->directory, segment->name);
    struct journal_reader *reader = journal_reader_open(path, &error);
    bool placed = reader != NULL && (segment->offset == 0 || journal_reader_seek(reader, segment->offset, &error));
    if (reader != NULL && !placed && error.code == ERROR_INVALID) { /* its writer took back what it could not sync */
        segment->entries = 0;
        placed = true;
    }
    if (placed) {
        while (*allowed > 0 && journal_reader_next(reader, &entry)) {
            segment->entries++;
            --*allowed;
        }
        segment->offset = journal_reader_offset(reader);
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
