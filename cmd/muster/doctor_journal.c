/* SPDX-License-Identifier: Apache-2.0
 * Reads every segment of the journal, as the courier would, and says what an operator must know of it. */
#include "doctor_journal.h"

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/clock.h"
#include "journal/journal.h"
#include "store/journalled.h"

enum {
    SEGMENTS_MAX = 1024,
    NAME_SIZE = 128,
    PATH_SIZE = 4096,
    FREE_MIB_LEAST = 256,
    OLD_SECONDS = 600, /* a journal that nobody brings: longer than a failover takes */
};
#define REFUSED_SUFFIX ".refused"

enum segment_state { SEGMENT_LIVE, SEGMENT_FINISHED, SEGMENT_UNREADABLE };
static const char *const state_names[] = {"live", "finished", "unreadable"};
static const char *const tail_names[] = {"none", "torn", "damaged"};

struct segment {
    const char *name;
    enum segment_state state;
    uint64_t entries, bytes_left;
    int64_t since_us; /* when the first entry was taken; 0: unknown */
    enum journal_tail tail;
};

/* The writer's name, in front of "-<boot id>-<number>.journal". */
static struct slice writer_of(const char *name)
{
    enum { BEHIND = 1 + 16 + 1 + 8 };
    struct slice text = slice_of(name);
    size_t end = slice_find(text, SLICE(".journal"));
    return slice_sub(text, 0, end > BEHIND ? end - BEHIND : end);
}

static bool path_of(char path[PATH_SIZE], const char *directory, const char *name)
{
    int length = snprintf(path, PATH_SIZE, "%s/%s", directory, name);
    return length > 0 && length < PATH_SIZE;
}

/* All that is whole in it, also behind damage, as the courier brings it. */
static void read_entries(struct journal_reader *reader, struct segment *segment)
{
    struct journal_entry entry;
    for (;;) {
        while (journal_reader_next(reader, &entry)) {
            segment->since_us = segment->entries++ == 0 ? journalled_at(entry.kind, entry.payload) : segment->since_us;
        }
        if (journal_reader_failed(reader)) {
            return;
        }
        uint64_t left = journal_reader_left(reader), at = journal_reader_offset(reader);
        bool final = journal_reader_is_final(reader);
        enum journal_tail tail =
            final ? journal_reader_tail(reader) : JOURNAL_TAIL_NONE; /* a live one may be in mid-write */
        segment->state = final ? SEGMENT_FINISHED : SEGMENT_LIVE;
        segment->tail = tail > segment->tail ? tail : segment->tail;
        if (tail != JOURNAL_TAIL_DAMAGED || !journal_reader_skip(reader)) {
            segment->bytes_left += left;
            return;
        }
        segment->bytes_left += journal_reader_offset(reader) - at;
    }
}

/* False when the file is gone: the courier brought it meanwhile. */
static bool read_segment(const char *directory, struct segment *segment)
{
    char path[PATH_SIZE];
    struct error error = {.code = ERROR_NONE};
    struct stat facts;
    if (!path_of(path, directory, segment->name) || (stat(path, &facts) != 0 && errno == ENOENT)) {
        return false;
    }
    struct journal_reader *reader = journal_reader_open(path, &error);
    segment->state = SEGMENT_UNREADABLE;
    if (reader == NULL) {
        return true;
    }
    read_entries(reader, segment);
    journal_reader_free(reader);
    return true;
}

static json_t *segment_facts(const struct segment *segment)
{
    struct slice writer = writer_of(segment->name);
    return json_pack("{s:s,s:s%,s:s,s:I,s:s,s:I}", "name", segment->name, "writer", writer.data, writer.length, "state",
                     state_names[segment->state], "entries", (json_int_t)segment->entries, "tail",
                     tail_names[segment->tail], "bytes_left", (json_int_t)segment->bytes_left);
}

static void read_segments(const char *directory, char (*names)[NAME_SIZE], unsigned count,
                          struct doctor_journal *journal)
{
    for (unsigned i = 0; i < count; i++) {
        struct segment segment = {.name = names[i], .tail = JOURNAL_TAIL_NONE};
        if (!read_segment(directory, &segment)) {
            continue;
        }
        journal->segments++;
        journal->entries += segment.entries;
        bool older = segment.since_us != 0 && (journal->since_us == 0 || segment.since_us < journal->since_us);
        journal->since_us = older ? segment.since_us : journal->since_us;
        journal->live += segment.state == SEGMENT_LIVE;
        journal->torn += segment.tail == JOURNAL_TAIL_TORN;
        journal->damaged += segment.tail == JOURNAL_TAIL_DAMAGED;
        journal->unreadable += segment.state == SEGMENT_UNREADABLE;
        (void)json_array_append_new(journal->facts, segment_facts(&segment));
    }
}

/* Kept by the courier for a person: "<segment>.refused". */
static bool read_refused(const char *directory, struct doctor_journal *journal)
{
    DIR *stream = opendir(directory);
    const struct dirent *found = NULL;
    while (stream != NULL && (found = readdir(stream)) != NULL) {
        struct slice name = slice_of(found->d_name);
        struct slice suffix = SLICE(REFUSED_SUFFIX);
        struct segment segment = {.name = found->d_name, .tail = JOURNAL_TAIL_NONE};
        if (name.length > suffix.length &&
            slice_equal(slice_sub(name, name.length - suffix.length, name.length), suffix) &&
            read_segment(directory, &segment)) {
            journal->refused++;
            (void)json_array_append_new(journal->refused_facts, segment_facts(&segment));
        }
    }
    if (stream != NULL) {
        (void)closedir(stream); /* only read from */
    }
    return stream != NULL;
}

/* Whether the service could make a segment there; root asks for another account than its own. */
static bool is_writable(const char *directory, const char *user)
{
    struct stat facts;
    const struct passwd *account = geteuid() == 0 ? getpwnam(user) : NULL;
    if (account == NULL || account->pw_uid == 0) {
        return access(directory, W_OK | X_OK) == 0;
    }
    if (stat(directory, &facts) != 0) {
        return false;
    }
    unsigned shift = facts.st_uid == account->pw_uid ? 6 : facts.st_gid == account->pw_gid ? 3 : 0;
    return (facts.st_mode >> shift & 3U) == 3U;
}

static const char *advice_of(const struct doctor_journal *journal)
{
    if (!journal->writable) {
        return "; the service cannot write there: with PostgreSQL away nothing would be taken. It must be the "
               "service's account's, mode 700";
    }
    if (journal->unreadable > 0) {
        return "; some cannot be read: are you the service's account, or root? Else the disk under it fails: copy what "
               "can be copied, now";
    }
    if (journal->free_mib < FREE_MIB_LEAST) {
        return "; make room on this disk: when it is full, and PostgreSQL away, nothing more is taken";
    }
    if (journal->refused > 0) {
        return "; *" REFUSED_SUFFIX
               " holds what the register refused, or damage: all else in it is in the register. Look for"
               " replay.refused, replay.not_taken or \"damaged\" in the log, then move the file away";
    }
    if (journal->damaged > 0) {
        return "; the courier will bring the whole entries and keep the damaged file as *" REFUSED_SUFFIX;
    }
    if (journal->entries > 0 && journal->age_seconds >= OLD_SECONDS) {
        return "; is PostgreSQL away, or the courier not running?";
    }
    return "";
}

bool doctor_journal_read(const char *directory, const char *user, struct doctor_journal *journal, struct error *error)
{
    static char names[SEGMENTS_MAX][NAME_SIZE];
    struct journal_summary summary = {.segments = 0};
    struct statvfs disk;
    struct clock clock = clock_system();
    *journal = (struct doctor_journal){.facts = json_array(), .refused_facts = json_array()};
    if (!journal_list(directory, names, SEGMENTS_MAX, &summary, error)) {
        return false;
    }
    if (statvfs(directory, &disk) != 0 || !read_refused(directory, journal)) {
        return error_set_errno(error, "doctor.journal", "look at %s", directory);
    }
    read_segments(directory, names, summary.segments < SEGMENTS_MAX ? summary.segments : SEGMENTS_MAX, journal);
    journal->bytes = summary.bytes;
    journal->free_mib = (uint64_t)disk.f_bavail * disk.f_frsize / (1024 * 1024);
    int64_t now_us = clock_now(&clock), since_us = journal->since_us != 0 ? journal->since_us : summary.oldest_us;
    journal->age_seconds = since_us > 0 && since_us < now_us ? (now_us - since_us) / MICROSECONDS_A_SECOND : 0;
    journal->writable = is_writable(directory, user);
    journal->advice = advice_of(journal);
    journal->ok = journal->advice[0] == '\0';
    return true;
}

void doctor_journal_release(struct doctor_journal *journal)
{
    json_decref(journal->facts);
    json_decref(journal->refused_facts);
}
