/* SPDX-License-Identifier: Apache-2.0
 * The journal: records that PostgreSQL could not confirm, in fsynced segments that the courier replays.
 *
 * Segment file "<name>-<16 hex of a boot id>-<8 digit number>.journal": header "MUSTERJ1", then entries:
 * u32 payload length, u32 CRC-32C of (sequence || kind || payload), u64 sequence, u8 kind, payload (network order).
 * A reader stops at the first entry that is short or whose checksum fails: a torn tail is not an error, it was never answered.
 * A writer holds flock(LOCK_EX) on the segment it appends to, from before the file has its name, so a reader can tell a live segment
 * from an orphan. The boot id begins with the time of the start, so segments of one name sort in the order they were made. The
 * directory must be on a local file system. docs/durability.md says what is lost when: nothing answered. */
#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/slice.h"

enum { JOURNAL_PAYLOAD_MAX = 256 * 1024 };

struct journal_writer;
struct journal_disk;

struct journal_writer_config {
    struct event_base *base;
    const char *directory;           /* must exist */
    const char *name;                /* "edge-0": file name prefix */
    uint64_t segment_max;            /* bytes, then a new segment; 0 for 64 MiB */
    uint64_t total_max;              /* bytes of all segments in the directory; past it appends fail; 0 for 4 GiB */
    const struct journal_disk *disk; /* NULL for the real one; tests put one that fails here */
};

typedef void journal_done(void *context, bool durable);

/* No file is made before the first append. The directory is opened now. */
struct journal_writer *journal_writer_new(const struct journal_writer_config *config, struct error *error);
/* Appends that were not made durable are told so. Must not be called from a `done`. */
void journal_writer_free(struct journal_writer *writer);
/* Copies `payload`; writes and fdatasyncs all that gathered once at the end of the loop's turn, then calls each `done`, in order.
 * Returns false (and never calls done) when the payload is too long, the directory is full, too much has gathered in this turn
 * (32 MiB, 65,536 entries), or memory is out. After durable=false the entry may be replayed all the same: its effect must be
 * exactly-once. The next append tries a new segment. */
bool journal_append(struct journal_writer *writer, uint8_t kind, struct slice payload, journal_done *done,
                    void *context);
/* False when the directory may not be written, so that no segment can be made: told before one is needed. */
bool journal_may_write(const struct journal_writer *writer);
/* Closes the segment so that a reader may delete it when it is replayed; the next append starts another. Harmless without one. */
void journal_rotate(struct journal_writer *writer);

struct journal_metrics {
    uint64_t appended; /* entries made durable */
    uint64_t syncs;    /* groups of them */
    uint64_t failures; /* groups that were not */
    uint64_t bytes;    /* of entries made durable, their heads among them */
};
const struct journal_metrics *journal_writer_metrics(const struct journal_writer *writer);

struct journal_entry {
    uint64_t sequence;
    uint8_t kind;
    struct slice payload; /* valid until the next read */
};

/* Reads one segment from the start. ERROR_INVALID: the file is none. */
struct journal_reader;
struct journal_reader *journal_reader_open(const char *path, struct error *error);
/* True with the next whole entry; false at the end of what is whole (for now, while a writer holds the segment), or when the disk did
 * not give it: then it is there, and may be read another time. */
bool journal_reader_next(struct journal_reader *reader, struct journal_entry *entry);
/* The last next() was false because the disk failed. */
bool journal_reader_failed(const struct journal_reader *reader);
/* True when the last next() found the end, no writer holds the segment any more (orphaned or rotated) and nothing was added since:
 * what was read is all there will ever be, and the file may be deleted. */
bool journal_reader_is_final(const struct journal_reader *reader);
uint64_t journal_reader_offset(const struct journal_reader *reader);
/* Bytes at the end that no whole entry was found in: a torn tail, or damage. 0 before journal_reader_next said there is no more. */
uint64_t journal_reader_left(const struct journal_reader *reader);
/* What those bytes are. TORN: the beginning of the next entry and nothing else, as a writer leaves that was stopped in its write; its
 * bytes are not all there, so it was never answered. DAMAGED: anything else; some of it may have been answered. */
enum journal_tail { JOURNAL_TAIL_NONE, JOURNAL_TAIL_TORN, JOURNAL_TAIL_DAMAGED };
/* Meant for a final segment. What the last next() gave is not valid any more. */
enum journal_tail journal_reader_tail(struct journal_reader *reader);
/* Over damage to the next whole entry, which next() then gives: what lies behind a bad sector was answered, too. False when there is
 * none in the 128 MiB that are looked through, or the disk does not give them: then it stands where it stood. For a final segment, after
 * a next() that was false; what next() gave before is not valid any more. */
bool journal_reader_skip(struct journal_reader *reader);
/* To an offset that journal_reader_offset gave. */
bool journal_reader_seek(struct journal_reader *reader, uint64_t offset, struct error *error);
void journal_reader_free(struct journal_reader *reader);

struct journal_summary {
    unsigned segments;
    uint64_t bytes;
    int64_t oldest_us; /* modification time of the oldest segment; 0 when none */
};
/* The *.journal files of a directory: the summary counts them all, `names` gets the first `max` of them by name (so oldest first for
 * one writer). `names` may be NULL when `max` is 0. */
bool journal_list(const char *directory, char (*names)[128], unsigned max, struct journal_summary *summary,
                  struct error *error);

#endif
