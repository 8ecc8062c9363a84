/* SPDX-License-Identifier: Apache-2.0
 * Group commit: appends gather for a turn of the loop, then share one write and one fdatasync.
 *
 * The loop stands still only while that fdatasync (and, for a new segment, two fsyncs) runs: nothing may be answered before it
 * anyway. After a failed write or sync a segment is never written again: the kernel may have dropped the dirty pages and marked
 * them clean, and the next sync would succeed without them (PostgreSQL, "PANIC on fsync() failure", November 2018). */
#include "journal/journal.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/id.h"
#include "core/log.h"
#include "journal/disk.h"
#include "journal/entry.h"
#include "journal/list.h"
#include "journal/segment.h"

enum {
    NAME_MAX_LENGTH = 48,
    NUMBER_MAX = 99999999,       /* eight digits, so that names sort */
    TURN_BYTES_MAX = 32 << 20,   /* gathered in one turn; past it appends are refused */
    TURN_ENTRIES_MAX = 64 << 10, /* the same */
    TURN_BYTES_KEPT = 1 << 20,   /* a larger buffer is given back after its turn */
};
#define SEGMENT_MAX_DEFAULT (UINT64_C(64) << 20)
#define TOTAL_MAX_DEFAULT   (UINT64_C(4) << 30)

struct waiting {
    journal_done *done;
    void *context;
};

/* What gathered in one turn of the loop. */
struct turn {
    struct buffer entries;
    struct waiting *waiting;
    size_t count, capacity;
};

struct journal_writer {
    struct event *flush; /* pending when something has gathered */
    char *directory;
    char name[NAME_MAX_LENGTH + 1];
    uint64_t segment_max, total_max;
    const struct journal_disk *disk;
    int directory_fd;

    char boot[JOURNAL_BOOT_SIZE + 1];
    unsigned next_number;
    uint64_t next_sequence;
    struct journal_segment segment;

    struct turn turns[2]; /* one gathers while the other's callbacks run: they may append */
    struct turn *gathering;

    uint64_t used; /* bytes of all segments: counted when a segment is made, our own added since */
    bool counted;  /* `used` was counted in this turn */
    bool failing, ending;
    struct journal_metrics metrics;
};

static void on_flush(evutil_socket_t fd, short events, void *context);

/* The start time (microseconds) first, so that segments of one name sort in the order they were made across restarts;
 * chance for the rest, so that two starts in one microsecond differ. */
static void make_boot_id(char text[JOURNAL_BOOT_SIZE + 1])
{
    enum { RANDOM_BITS = 12 };
    struct clock clock = clock_system();
    uint16_t chance = 0;
    random_fill(&chance, sizeof(chance));
    uint64_t boot = (uint64_t)clock_now(&clock) << RANDOM_BITS | (chance & ((1U << RANDOM_BITS) - 1));
    (void)snprintf(text, JOURNAL_BOOT_SIZE + 1, "%016llx", (unsigned long long)boot);
}

static bool name_is_plain(const char *name)
{
    size_t length = strnlen(name, NAME_MAX_LENGTH + 1);
    return length > 0 && length <= NAME_MAX_LENGTH && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static bool open_parts(struct journal_writer *w, const struct journal_writer_config *config, struct error *error)
{
    static const char where[] = "journal.writer_new";
    w->directory = strdup(config->directory);
    w->flush = evtimer_new(config->base, on_flush, w);
    if (w->directory == NULL || w->flush == NULL) {
        return error_set(error, ERROR_NOMEM, where, "no memory for the writer");
    }
    w->directory_fd = w->disk->open_directory(w->disk->context, w->directory);
    if (w->directory_fd < 0) {
        return error_set_errno(error, where, "open %s", w->directory);
    }
    if (w->disk->usage(w->disk->context, w->directory, &w->used) != 0) {
        return error_set_errno(error, where, "list %s", w->directory);
    }
    journal_list_sweep(w->directory, w->name);
    return true;
}

struct journal_writer *journal_writer_new(const struct journal_writer_config *config, struct error *error)
{
    if (!name_is_plain(config->name)) {
        (void)error_set(error, ERROR_INVALID, "journal.writer_new",
                        "a journal's name is of a-z, 0-9 and hyphens, at most %d", NAME_MAX_LENGTH);
        return NULL;
    }
    struct journal_writer *w = calloc(1, sizeof(*w));
    if (w == NULL) {
        (void)error_set(error, ERROR_NOMEM, "journal.writer_new", "no memory for the writer");
        return NULL;
    }
    (void)snprintf(w->name, sizeof(w->name), "%s", config->name);
    w->segment_max = config->segment_max > 0 ? config->segment_max : SEGMENT_MAX_DEFAULT;
    w->total_max = config->total_max > 0 ? config->total_max : TOTAL_MAX_DEFAULT;
    w->disk = config->disk != NULL ? config->disk : journal_disk_real();
    w->directory_fd = -1;
    w->next_number = 1;
    w->next_sequence = 1;
    w->gathering = &w->turns[0];
    buffer_init(&w->turns[0].entries, TURN_BYTES_MAX);
    buffer_init(&w->turns[1].entries, TURN_BYTES_MAX);
    make_boot_id(w->boot);
    bool opened = open_parts(w, config, error);
    journal_segment_init(&w->segment, w->disk, w->directory_fd);
    if (!opened) {
        journal_writer_free(w);
        return NULL;
    }
    return w;
}

/* Empties the turn, telling each in the order of the appends. A callback may append: that gathers in the other turn. */
static void tell(struct turn *turn, bool durable)
{
    for (size_t i = 0; i < turn->count; i++) {
        turn->waiting[i].done(turn->waiting[i].context, durable);
    }
    turn->count = 0;
    if (turn->entries.capacity > TURN_BYTES_KEPT) {
        buffer_release(&turn->entries);
    } else {
        buffer_clear(&turn->entries);
    }
}

void journal_writer_free(struct journal_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    writer->ending = true; /* a callback that appends again is refused */
    tell(writer->gathering, false);
    journal_segment_close(&writer->segment);
    if (writer->directory_fd >= 0) {
        (void)writer->disk->close(writer->disk->context, writer->directory_fd);
    }
    if (writer->flush != NULL) {
        event_free(writer->flush);
    }
    for (size_t i = 0; i < 2; i++) {
        buffer_release(&writer->turns[i].entries);
        free(writer->turns[i].waiting);
    }
    free(writer->directory);
    free(writer);
}

static bool next_segment(struct journal_writer *w, struct error *error)
{
    char name[JOURNAL_NAME_SIZE];
    if (w->next_number > NUMBER_MAX) {
        return error_set(error, ERROR_LIMIT, "journal.segment", "segment numbers are used up; restart");
    }
    if (w->disk->usage(w->disk->context, w->directory, &w->used) != 0) {
        return error_set_errno(error, "journal.segment", "list %s", w->directory);
    }
    (void)snprintf(name, sizeof(name), "%s-%s-%08u%s", w->name, w->boot, w->next_number, JOURNAL_SUFFIX);
    w->next_number++; /* a name is never used twice, whatever became of its file */
    if (!journal_segment_open(&w->segment, name, error)) {
        return false;
    }
    w->used += w->segment.size;
    return true;
}

static bool store(struct journal_writer *w, struct slice entries, struct error *error)
{
    bool holds_some = journal_segment_is_open(&w->segment) && w->segment.has_synced;
    if (holds_some && w->segment.size + entries.length > w->segment_max) {
        journal_segment_close(&w->segment);
    }
    if (!journal_segment_is_open(&w->segment) && !next_segment(w, error)) {
        return false;
    }
    if (!journal_segment_append(&w->segment, entries, error)) {
        journal_segment_abandon(&w->segment);
        return false;
    }
    w->used += entries.length;
    return true;
}

/* Said once when trouble begins and once when it ends: a full disk must not fill itself with complaints. */
static void note_outcome(struct journal_writer *w, bool durable, const struct error *error)
{
    if (!durable && !w->failing) {
        log_error("journal.failing", error);
    } else if (durable && w->failing) {
        log_event(LOG_INFO, "journal.recovered", log_integer("failures", (int64_t)w->metrics.failures));
    }
    w->failing = !durable;
}

static void on_flush(evutil_socket_t fd, short events, void *context)
{
    struct journal_writer *w = context;
    struct turn *turn = w->gathering;
    struct error error = {.code = ERROR_NONE};
    (void)fd;
    (void)events;
    w->counted = false;
    if (turn->count == 0) {
        return; /* an append was refused and asked for a new count */
    }
    w->gathering = turn == &w->turns[0] ? &w->turns[1] : &w->turns[0];
    bool durable = store(w, buffer_slice(&turn->entries), &error);
    if (durable) {
        w->metrics.syncs++;
        w->metrics.appended += turn->count;
        w->metrics.bytes += turn->entries.length;
    } else {
        w->metrics.failures++;
    }
    note_outcome(w, durable, &error);
    tell(turn, durable);
}

/* A timer of no time: it fires in the loop's next turn, after what arrived meanwhile was handled and could append too. */
static bool schedule_flush(struct journal_writer *w)
{
    static const struct timeval now = {0, 0};
    return evtimer_pending(w->flush, NULL) || evtimer_add(w->flush, &now) == 0;
}

/* Readers delete segments without telling us, so before refusing the directory is counted again, once a turn. */
static bool has_room(struct journal_writer *w, uint64_t more)
{
    uint64_t wanted = w->gathering->entries.length + more + JOURNAL_MAGIC_SIZE;
    if (w->used + wanted <= w->total_max) {
        return true;
    }
    if (!w->counted) {
        w->counted = true;
        if (w->disk->usage(w->disk->context, w->directory, &w->used) != 0) {
            return false;
        }
    }
    return w->used + wanted <= w->total_max;
}

static bool reserve_waiting(struct turn *turn)
{
    if (turn->count < turn->capacity) {
        return true;
    }
    size_t capacity = turn->capacity > 0 ? turn->capacity * 2 : 64;
    if (capacity > TURN_ENTRIES_MAX) {
        return false;
    }
    struct waiting *waiting = realloc(turn->waiting, capacity * sizeof(*waiting));
    if (waiting == NULL) {
        return false;
    }
    turn->waiting = waiting;
    turn->capacity = capacity;
    return true;
}

bool journal_append(struct journal_writer *writer, uint8_t kind, struct slice payload, journal_done *done,
                    void *context)
{
    struct turn *turn = writer->gathering;
    if (writer->ending || payload.length > JOURNAL_PAYLOAD_MAX || !schedule_flush(writer) ||
        !has_room(writer, JOURNAL_HEAD_SIZE + payload.length) || !reserve_waiting(turn)) {
        return false;
    }
    size_t before = turn->entries.length;
    journal_entry_write(&turn->entries, writer->next_sequence, kind, payload);
    if (turn->entries.failed) {
        turn->entries.failed = false; /* what gathered before is whole: a buffer that cannot grow is left as it was */
        assert(turn->entries.length == before);
        return false;
    }
    turn->waiting[turn->count++] = (struct waiting){done, context};
    writer->next_sequence++;
    return true;
}

bool journal_may_write(const struct journal_writer *writer)
{
    return faccessat(writer->directory_fd, ".", W_OK | X_OK, 0) == 0; /* roles have one account, real and effective */
}

void journal_rotate(struct journal_writer *writer)
{
    journal_segment_close(&writer->segment);
}

const struct journal_metrics *journal_writer_metrics(const struct journal_writer *writer)
{
    return &writer->metrics;
}
