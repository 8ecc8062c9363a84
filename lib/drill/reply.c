/* SPDX-License-Identifier: Apache-2.0
 * Reading answers. */
#include "drill/reply.h"

#include "core/case_code.h"

static void read_field(struct slice line, struct reply *reply, size_t most, uint64_t *length, bool *has_length)
{
    uint64_t number = 0;
    size_t colon = slice_index(line, ':');
    struct slice name = slice_sub(line, 0, colon);
    struct slice value = slice_trim(slice_sub(line, colon + 1, line.length));
    if (slice_equal_nocase(name, SLICE("content-length"))) {
        *has_length = slice_to_u64(value, most, length);
    } else if (slice_equal_nocase(name, SLICE("retry-after"))) {
        reply->retry_after_s = slice_to_u64(value, 3600, &number) ? (unsigned)number : 0;
    } else if (slice_equal_nocase(name, SLICE("connection"))) {
        reply->closes = slice_equal_nocase(value, SLICE("close"));
    }
}

enum reply_progress reply_read(struct slice bytes, size_t most, struct reply *reply)
{
    uint64_t length = 0, status = 0;
    bool has_length = false;
    size_t head = slice_find(bytes, SLICE("\r\n\r\n"));
    if (head == bytes.length) {
        return bytes.length >= most ? REPLY_BROKEN : REPLY_PARTIAL;
    }
    *reply = (struct reply){.status = 0};
    struct slice lines = slice_sub(bytes, 0, head);
    struct slice line;
    (void)slice_split(&lines, '\n', &line);
    if (!slice_starts_with(line, SLICE("HTTP/1.1 ")) || !slice_to_u64(slice_sub(line, 9, 12), 999, &status)) {
        return REPLY_BROKEN;
    }
    while (slice_split(&lines, '\n', &line)) {
        read_field(line, reply, most, &length, &has_length);
    }
    if (!has_length && status != 204) {
        return REPLY_BROKEN;
    }
    if (bytes.length < head + 4 + length) {
        return head + 4 + length > most ? REPLY_BROKEN : REPLY_PARTIAL;
    }
    reply->status = (unsigned)status;
    reply->body = slice_sub(bytes, head + 4, head + 4 + (size_t)length);
    return REPLY_WHOLE;
}

struct slice reply_member(struct slice body, struct slice name)
{
    struct slice rest = body;
    while (rest.length > name.length) {
        rest = slice_sub(rest, slice_find(rest, name), rest.length);
        if (rest.length < name.length + 3) {
            break;
        }
        struct slice value = slice_sub(rest, name.length, rest.length);
        if (rest.data > body.data && rest.data[-1] == '"' && slice_starts_with(value, SLICE("\":"))) {
            value = slice_trim(slice_sub(value, 2, value.length));
            if (value.length > 0 && value.data[0] == '"') {
                value = slice_sub(value, 1, value.length);
                return slice_sub(value, 0, slice_index(value, '"'));
            }
            size_t comma = slice_index(value, ','), brace = slice_index(value, '}');
            return slice_trim(slice_sub(value, 0, comma < brace ? comma : brace));
        }
        rest = slice_sub(rest, 1, rest.length);
    }
    return (struct slice){NULL, 0};
}

int64_t reply_case(struct slice words)
{
    int64_t number = 0;
    for (size_t i = 5; i + 6 <= words.length; i++) {
        if (words.data[i] == '-' && case_code_parse(slice_sub(words, i - 5, i + 6), &number) == CASE_CODE_OK) {
            return number;
        }
    }
    return -1;
}

uint32_t reply_hash(uint32_t hash, struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        hash = (hash ^ (uint8_t)text.data[i]) * UINT32_C(16777619);
    }
    return hash;
}
