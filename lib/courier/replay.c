/* SPDX-License-Identifier: Apache-2.0
 * One segment at a time, a group of entries at a time.
 *
 *   IDLE --a segment opened--> READING --group read--> STORING --all confirmed--> READING
 *     ^                          |  ^                     \--something in doubt--> IDLE (from the group's start, at the next poke)
 *     |                          |  \--the next one opened
 *     \--no further segment------/      (a final segment is gone through past what is damaged, then deleted; a live one is gone on with at a
 *                                        later poke)
 *
 * STORING sends a group's registrations first, its check-ins when those are confirmed, and then the wishes for case codes: nobody who
 * registered is taken for a stranger, and a group costs three commits at most however the kinds take turns in it. Every effect in the register is exactly-once, so
 * an entry that was stored before is harmless. */
#include "courier/replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "courier/backlog.h"
#include "pg/batch.h"
#include "store/check_in_record.h"
#include "store/code_request.h"
#include "store/registration_record.h"

enum {
    GROUP_MAX = BATCH_MAX,
    SEGMENTS_MAX = 1024,
    NAME_MAX_BYTES = 128,
    PATH_BYTES = 4096,
    PROGRESS_MAX = 64,
    STORE_DEADLINE_SECONDS = 20,
    SAY_EVERY_SECONDS = 60
};

enum replay_state { REPLAY_IDLE, REPLAY_READING, REPLAY_STORING };

/* How far a live segment was brought. */
struct progress {
    char name[NAME_MAX_BYTES];
    uint64_t offset;
    uint64_t trouble; /* in what was read of it */
};

struct replay {
    struct pg_pool *pool;
    struct batch *registrations, *check_ins, *codes;
    const char *directory;
    enum replay_state state;
    char name[NAME_MAX_BYTES]; /* of the segment being read; "" when none */
    struct journal_reader *reader;
    uint64_t group_start; /* offset to go back to when the group is in doubt */
    unsigned group_count; /* entries of it */
    unsigned outstanding; /* and those of them not yet answered */
    bool doubt;
    struct check_in_record *held[GROUP_MAX]; /* the group's check-ins, until its registrations are confirmed */
    unsigned held_count;
    struct code_request *asked[GROUP_MAX]; /* its wishes for codes, until its check-ins are */
    unsigned asked_count;
    uint64_t trouble; /* entries of this segment that were refused or unreadable */
    bool disk_failed; /* at the last read */
    uint64_t looks;
    uint64_t said_look; /* the look that last complained */
    int64_t said_us;    /* and when; monotonic */
    struct replay_metrics metrics;
    struct backlog *backlog;
    unsigned position; /* of the next segment to open, in names */
    struct progress progress[PROGRESS_MAX];
    unsigned progress_next;
    char names[SEGMENTS_MAX][NAME_MAX_BYTES];
};

static void step(struct replay *r);

static const struct batch_limit limits[BATCH_CLASSES] = {{.queue_max = 2 * GROUP_MAX}};

struct replay *replay_new(struct pg_pool *pool, const char *directory)
{
    struct replay *r = calloc(1, sizeof(*r));
    if (r == NULL) {
        return NULL;
    }
    r->pool = pool;
    r->directory = directory;
    r->registrations = batch_new(pool, &registration_batch_kind, limits, STORE_DEADLINE_SECONDS);
    r->check_ins = batch_new(pool, &check_in_batch_kind, limits, STORE_DEADLINE_SECONDS);
    r->codes = batch_new(pool, &code_request_batch_kind, limits, STORE_DEADLINE_SECONDS);
    r->backlog = backlog_new(directory);
    if (r->registrations == NULL || r->check_ins == NULL || r->codes == NULL || r->backlog == NULL) {
        replay_free(r);
        return NULL;
    }
    return r;
}

/* What goes on failing is met at every look: it must not fill the log, and is said again while it lasts. */
static bool may_complain(struct replay *r)
{
    int64_t now = clock_monotonic();
    if (r->said_look != r->looks && r->said_look != 0 && now - r->said_us < SAY_EVERY_SECONDS * MICROSECONDS_A_SECOND) {
        return false;
    }
    r->said_look = r->looks;
    r->said_us = now;
    return true;
}

/* All statements say in their first column what became of the record. */
static bool is_in_register(const PGresult *result, int row)
{
    enum store_outcome outcome = (enum store_outcome)pg_get_int(result, row, 0);
    return outcome == STORE_NEW || outcome == STORE_SAME;
}

static void on_stored(void *context, enum pg_outcome outcome, const PGresult *result, int row, const char *sqlstate,
                      const char *constraint)
{
    struct replay *r = context;
    if (outcome == PG_COMMITTED && is_in_register(result, row)) {
        r->metrics.replayed++;
    } else if (outcome == PG_COMMITTED) {
        /* answered, and not in the register: another content had its id, or nothing to keep it under. A person must look. */
        r->metrics.refused++;
        r->trouble++;
        log_event(LOG_ERROR, "replay.not_taken", log_text("segment", r->name),
                  log_integer("outcome", pg_get_int(result, row, 0)));
    } else if (outcome == PG_REFUSED && (strncmp(sqlstate, "22", 2) == 0 || strncmp(sqlstate, "23", 2) == 0)) {
        /* it would be refused for ever; the segment is then kept aside instead of deleted */
        r->metrics.refused++;
        r->trouble++;
        log_event(LOG_ERROR, "replay.refused", log_text("segment", r->name), log_text("sqlstate", sqlstate),
                  log_text("constraint", constraint));
    } else {
        if (outcome == PG_REFUSED && !r->doubt && may_complain(r)) {
            log_event(LOG_ERROR, "replay.waits", log_text("segment", r->name), log_text("sqlstate", sqlstate));
        }
        r->doubt = true;
    }
    r->outstanding--;
    if (r->outstanding == 0 && r->state == REPLAY_STORING) {
        step(r);
    }
}

/* Takes over the record. */
static void send_record(struct replay *r, struct batch *batch, void *record, void (*free_record)(void *record))
{
    if (r->doubt || batch_add(batch, 0, record, on_stored, r) == NULL) {
        free_record(record);
        r->doubt = true;
        return;
    }
    r->outstanding++;
}

/* In doubt they are dropped: the group is read again. */
static void send_held(struct replay *r)
{
    for (unsigned i = 0; i < r->held_count; i++) {
        send_record(r, r->check_ins, r->held[i], check_in_record_free);
    }
    r->held_count = 0;
    if (r->outstanding > 0) {
        return; /* the wishes come when those are confirmed */
    }
    for (unsigned i = 0; i < r->asked_count; i++) {
        send_record(r, r->codes, r->asked[i], code_request_free);
    }
    r->asked_count = 0;
}

static void *read_record(const struct journal_entry *entry)
{
    switch (entry->kind) {
    case JOURNAL_REGISTRATION:
        return registration_record_read(entry->payload);
    case JOURNAL_CHECK_IN:
        return check_in_record_read(entry->payload);
    case JOURNAL_CODE:
        return code_request_read(entry->payload);
    default:
        return NULL;
    }
}

static void add_entry(struct replay *r, const struct journal_entry *entry)
{
    errno = 0;
    void *record = read_record(entry);
    if (record == NULL && errno == ENOMEM) {
        r->doubt = true; /* another time: it says nothing of the entry */
    } else if (record == NULL) {
        r->metrics.unreadable++;
        r->trouble++;
        log_event(LOG_ERROR, "replay.unreadable", log_text("segment", r->name), log_integer("kind", entry->kind),
                  log_integer("sequence", (int64_t)entry->sequence));
    } else if (entry->kind == JOURNAL_REGISTRATION) {
        send_record(r, r->registrations, record, registration_record_free);
    } else if (entry->kind == JOURNAL_CHECK_IN) {
        r->held[r->held_count++] = record;
    } else {
        r->asked[r->asked_count++] = record;
    }
}

static void read_group(struct replay *r)
{
    struct journal_entry entry;
    r->group_start = journal_reader_offset(r->reader);
    for (r->group_count = 0; r->group_count < GROUP_MAX && !r->doubt && journal_reader_next(r->reader, &entry);
         r->group_count++) {
        add_entry(r, &entry);
    }
    if (r->outstanding == 0) {
        send_held(r);
    }
}

static void close_segment(struct replay *r)
{
    journal_reader_free(r->reader);
    r->reader = NULL;
    r->name[0] = '\0';
    r->trouble = 0;
}

/* Read to its end and confirmed. What the register refused is kept under another name for a person to look at; and damage. A torn tail
 * was never answered: it goes with its segment. */
static void finish_segment(struct replay *r)
{
    char path[PATH_BYTES];
    char aside[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s", r->directory, r->name);
    (void)snprintf(aside, sizeof(aside), "%s/%s.refused", r->directory, r->name);
    uint64_t left = journal_reader_left(r->reader);
    bool damaged = journal_reader_tail(r->reader) == JOURNAL_TAIL_DAMAGED;
    int failed = r->trouble > 0 || damaged ? rename(path, aside) : unlink(path);
    if (failed != 0) {
        log_event(LOG_ERROR, "replay.cannot_remove", log_text("segment", r->name), log_text("error", strerror(errno)));
    } else {
        log_event(LOG_INFO, "replay.segment_done", log_text("segment", r->name),
                  log_integer("refused", (int64_t)r->trouble), log_integer("bytes_left", (int64_t)left),
                  log_integer("damaged", damaged));
    }
    close_segment(r);
}

/* A damaged entry costs itself and no other: those behind it were answered, too. */
static bool pass_damage(struct replay *r)
{
    uint64_t damaged_at = journal_reader_offset(r->reader);
    if (journal_reader_tail(r->reader) != JOURNAL_TAIL_DAMAGED || !journal_reader_skip(r->reader)) {
        return false;
    }
    r->metrics.unreadable++;
    r->trouble++;
    log_event(LOG_ERROR, "replay.damaged", log_text("segment", r->name), log_integer("at", (int64_t)damaged_at),
              log_integer("bytes", (int64_t)(journal_reader_offset(r->reader) - damaged_at)));
    return true;
}

static bool is_listed(const struct replay *r, const char *name, unsigned segments)
{
    for (unsigned i = 0; i < segments && i < SEGMENTS_MAX; i++) {
        if (strcmp(r->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* What is gone is forgotten: should a segment ever come back under the same name (restored by hand, say), it is read from its start. */
static void forget_gone(struct replay *r, unsigned segments)
{
    for (size_t i = 0; i < PROGRESS_MAX; i++) {
        if (r->progress[i].name[0] != '\0' && !is_listed(r, r->progress[i].name, segments)) {
            r->progress[i] = (struct progress){.offset = 0};
        }
    }
}

/* Looks at the directory, also for the figures while PostgreSQL is away. Oldest first by name: a writer numbers its segments. */
static void look(struct replay *r)
{
    struct journal_summary summary = {.segments = 0};
    struct error error = {.code = ERROR_NONE};
    if (journal_list(r->directory, r->names, SEGMENTS_MAX, &summary, &error)) {
        forget_gone(r, summary.segments);
    } else if (may_complain(r)) {
        log_error("replay.list", &error);
    }
    backlog_look(r->backlog, r->names, summary.segments < SEGMENTS_MAX ? summary.segments : SEGMENTS_MAX);
    r->metrics.segments = summary.segments;
    r->metrics.bytes = summary.bytes;
    r->metrics.oldest_us = summary.oldest_us;
}

static struct progress *progress_of(struct replay *r, const char *name)
{
    for (size_t i = 0; i < PROGRESS_MAX; i++) {
        if (strcmp(r->progress[i].name, name) == 0) {
            return &r->progress[i];
        }
    }
    return NULL;
}

/* Where to go on in a live segment; forgotten when there are many: reading one again from its start is harmless. */
static void remember(struct replay *r)
{
    struct progress *place = progress_of(r, r->name);
    if (place == NULL) {
        place = &r->progress[r->progress_next++ % PROGRESS_MAX];
    }
    memcpy(place->name, r->name, sizeof(place->name));
    place->offset = journal_reader_offset(r->reader);
    place->trouble = r->trouble;
}

static bool open_segment(struct replay *r, const char *name)
{
    struct error error = {.code = ERROR_NONE};
    struct progress *progress = progress_of(r, name);
    char path[PATH_BYTES];
    char aside[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s", r->directory, name);
    r->reader = journal_reader_open(path, &error);
    if (r->reader == NULL) {
        if (may_complain(r)) {
            log_error("replay.open", &error);
        }
        (void)snprintf(aside, sizeof(aside), "%s/%s.refused", r->directory, name);
        if (error.code == ERROR_INVALID && rename(path, aside) != 0) { /* no journal: it must not be tried for ever */
            log_event(LOG_ERROR, "replay.cannot_rename", log_text("segment", name), log_text("error", strerror(errno)));
        }
        return false;
    }
    (void)snprintf(r->name, sizeof(r->name), "%s", name);
    if (progress != NULL && !journal_reader_seek(r->reader, progress->offset, &error)) {
        if (error.code != ERROR_INVALID) {
            log_error("replay.seek", &error);
            close_segment(r);
            return false;
        }
        /* shorter than what was brought of it: its writer took back what it could not sync. Once more from the start: that is harmless */
        *progress = (struct progress){.offset = 0};
        progress = NULL;
    }
    r->trouble = progress != NULL ? progress->trouble : 0;
    return true;
}

/* The next segment of this look that opens; false when there is none. */
static bool open_next(struct replay *r)
{
    unsigned count = r->metrics.segments < SEGMENTS_MAX ? r->metrics.segments : SEGMENTS_MAX;
    while (r->position < count) {
        if (open_segment(r, r->names[r->position++])) {
            return true;
        }
    }
    return false;
}

static enum replay_state after_storing(struct replay *r)
{
    struct error error = {.code = ERROR_NONE};
    if (!r->doubt) {
        backlog_confirm(r->backlog, r->name, journal_reader_offset(r->reader), r->group_count);
        return REPLAY_READING;
    }
    if (!journal_reader_seek(r->reader, r->group_start, &error)) {
        log_error("replay.seek", &error);
        close_segment(r);
    }
    return REPLAY_IDLE;
}

/* What the disk does not give now is tried again at every look, and complained of once. */
static void note_disk(struct replay *r)
{
    bool failed = journal_reader_failed(r->reader);
    if (failed && !r->disk_failed) {
        log_event(LOG_ERROR, "replay.cannot_read", log_text("segment", r->name));
    }
    r->disk_failed = failed;
}

static enum replay_state after_reading(struct replay *r)
{
    if (r->outstanding > 0) {
        return REPLAY_STORING;
    }
    if (r->doubt) {
        return after_storing(r); /* not even one could be sent: it must not be passed over */
    }
    note_disk(r);
    /* nothing whole is left: gone for good when no writer holds it */
    if (journal_reader_is_final(r->reader)) {
        if (pass_damage(r)) {
            return REPLAY_READING;
        }
        finish_segment(r);
    } else {
        remember(r);
        close_segment(r);
    }
    return open_next(r) ? REPLAY_READING : REPLAY_IDLE;
}

static void step(struct replay *r)
{
    for (;;) {
        switch (r->state) {
        case REPLAY_IDLE:
            return;
        case REPLAY_READING:
            read_group(r);
            r->state = after_reading(r);
            break;
        case REPLAY_STORING:
            if (r->outstanding == 0) {
                send_held(r);
            }
            if (r->outstanding > 0) {
                return;
            }
            r->state = after_storing(r);
            break;
        }
    }
}

void replay_free(struct replay *replay)
{
    if (replay == NULL) {
        return;
    }
    replay->doubt = true;
    batch_free(replay->registrations);
    batch_free(replay->check_ins);
    batch_free(replay->codes);
    replay->outstanding = 0;
    send_held(replay);
    journal_reader_free(replay->reader);
    backlog_free(replay->backlog);
    free(replay);
}

void replay_poke(struct replay *replay)
{
    if (replay->state != REPLAY_IDLE) {
        return;
    }
    replay->looks++;
    if (!pg_pool_is_ready(replay->pool)) {
        look(replay);
        return;
    }
    replay->doubt = false;
    if (replay->reader == NULL) {
        look(replay);
        replay->position = 0;
    }
    if (replay->reader != NULL || open_next(replay)) {
        replay->state = REPLAY_READING;
        step(replay);
    }
}

bool replay_is_idle(const struct replay *replay)
{
    return replay->state == REPLAY_IDLE;
}

uint64_t replay_entries_waiting(const struct replay *replay)
{
    return backlog_entries(replay->backlog);
}

int64_t replay_waits_since_us(const struct replay *replay)
{
    int64_t since_us = backlog_since_us(replay->backlog);
    return since_us != 0 ? since_us : replay->metrics.oldest_us;
}

const struct replay_metrics *replay_metrics(const struct replay *replay)
{
    return &replay->metrics;
}
