/* SPDX-License-Identifier: Apache-2.0
 * The bytes of a segment, agreed between writer and reader; inside lib/journal only. */
#ifndef JOURNAL_ENTRY_H
#define JOURNAL_ENTRY_H

#include "core/buffer.h"
#include "journal/journal.h"

#define JOURNAL_MAGIC  "MUSTERJ1"
#define JOURNAL_SUFFIX ".journal"
#define JOURNAL_MAKING ".new" /* behind the suffix until the segment is whole: readers do not list it */

enum {
    JOURNAL_BOOT_SIZE = 16,  /* hexadecimal digits of a boot id in a file's name */
    JOURNAL_NUMBER_SIZE = 8, /* decimal digits of a segment's number there */
    JOURNAL_MAGIC_SIZE = sizeof(JOURNAL_MAGIC) - 1,
    JOURNAL_HEAD_SIZE = 4 + 4 + 8 + 1, /* length, checksum, sequence, kind */
    JOURNAL_ENTRY_MAX = JOURNAL_HEAD_SIZE + JOURNAL_PAYLOAD_MAX,
};

/* Adds a whole entry, its checksum with it. The payload is at most JOURNAL_PAYLOAD_MAX. */
void journal_entry_write(struct buffer *buffer, uint64_t sequence, uint8_t kind, struct slice payload);

/* Bytes of the entry that begins with this head (JOURNAL_HEAD_SIZE bytes), or 0 when it states more than the maximum. */
size_t journal_entry_size(const char *head);

/* The sequence number that this head states. */
uint64_t journal_entry_sequence(const char *head);

/* Reads an entry of journal_entry_size bytes; false when its checksum is wrong. The payload points into `bytes`. */
bool journal_entry_read(struct slice bytes, struct journal_entry *entry);

#endif
