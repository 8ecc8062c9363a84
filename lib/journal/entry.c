/* SPDX-License-Identifier: Apache-2.0
 * One entry to bytes and back. */
#include "journal/entry.h"

#include <string.h>

#include "journal/crc32c.h"

enum { LENGTH_AT = 0, CHECKSUM_AT = 4, CHECKED_FROM = 8, SEQUENCE_AT = 8, KIND_AT = 16 };

static void put(char *bytes, unsigned size, uint64_t value)
{
    for (unsigned i = 0; i < size; i++) {
        bytes[i] = (char)(uint8_t)(value >> (8 * (size - 1 - i)));
    }
}

static uint64_t get(const char *bytes, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++) {
        value = value << 8 | (uint8_t)bytes[i];
    }
    return value;
}

void journal_entry_write(struct buffer *buffer, uint64_t sequence, uint8_t kind, struct slice payload)
{
    size_t size = JOURNAL_HEAD_SIZE + payload.length;
    char *bytes = buffer_reserve(buffer, size);
    if (bytes == NULL) {
        return;
    }
    put(bytes + LENGTH_AT, 4, payload.length);
    put(bytes + SEQUENCE_AT, 8, sequence);
    put(bytes + KIND_AT, 1, kind);
    if (payload.length > 0) {
        memcpy(bytes + JOURNAL_HEAD_SIZE, payload.data, payload.length);
    }
    put(bytes + CHECKSUM_AT, 4, journal_crc32c(slice_make(bytes + CHECKED_FROM, size - CHECKED_FROM)));
}

size_t journal_entry_size(const char *head)
{
    uint64_t length = get(head + LENGTH_AT, 4);
    return length <= JOURNAL_PAYLOAD_MAX ? JOURNAL_HEAD_SIZE + (size_t)length : 0;
}

uint64_t journal_entry_sequence(const char *head)
{
    return get(head + SEQUENCE_AT, 8);
}

bool journal_entry_read(struct slice bytes, struct journal_entry *entry)
{
    if (journal_crc32c(slice_sub(bytes, CHECKED_FROM, bytes.length)) != get(bytes.data + CHECKSUM_AT, 4)) {
        return false;
    }
    entry->sequence = get(bytes.data + SEQUENCE_AT, 8);
    entry->kind = (uint8_t)bytes.data[KIND_AT];
    entry->payload = slice_sub(bytes, JOURNAL_HEAD_SIZE, bytes.length);
    return true;
}
