/* SPDX-License-Identifier: Apache-2.0
 * UUIDs, hexadecimal and random bytes. */
#include "core/id.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char digits[] = "0123456789abcdef";

/* One more than the digit's value; 0: no digit. */
static const uint8_t hex_values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static bool hex_byte(const char *text, uint8_t *byte)
{
    unsigned high = hex_values[(unsigned char)text[0]];
    unsigned low = hex_values[(unsigned char)text[1]];
    *byte = (uint8_t)((high - 1) << 4 | ((low - 1) & 15U));
    return high != 0 && low != 0;
}

bool hex_parse(struct slice text, void *bytes, size_t length)
{
    uint8_t *out = bytes;
    if (text.length != length * 2) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (!hex_byte(text.data + 2 * i, &out[i])) {
            return false;
        }
    }
    return true;
}

struct slice hex_format(const void *bytes, size_t length, char *text)
{
    const uint8_t *in = bytes;
    for (size_t i = 0; i < length; i++) {
        text[2 * i] = digits[in[i] >> 4];
        text[2 * i + 1] = digits[in[i] & 15];
    }
    text[2 * length] = '\0';
    return slice_make(text, 2 * length);
}

/* Where in its text form each byte of a UUID begins: hyphens stand before bytes 4, 6, 8 and 10. */
static const uint8_t uuid_places[UUID_SIZE] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

bool uuid_parse(struct slice text, struct uuid *uuid)
{
    struct uuid parsed;
    if (text.length != UUID_TEXT_SIZE || text.data[8] != '-' || text.data[13] != '-' || text.data[18] != '-' ||
        text.data[23] != '-') {
        return false;
    }
    for (size_t i = 0; i < UUID_SIZE; i++) {
        if (!hex_byte(text.data + uuid_places[i], &parsed.bytes[i])) {
            return false;
        }
    }
    *uuid = parsed;
    return true;
}

struct slice uuid_format(const struct uuid *uuid, char text[UUID_TEXT_SIZE + 1])
{
    memset(text, '-', UUID_TEXT_SIZE);
    for (size_t i = 0; i < UUID_SIZE; i++) {
        text[uuid_places[i]] = digits[uuid->bytes[i] >> 4];
        text[uuid_places[i] + 1] = digits[uuid->bytes[i] & 15];
    }
    text[UUID_TEXT_SIZE] = '\0';
    return slice_make(text, UUID_TEXT_SIZE);
}

static struct uuid with_version(struct uuid uuid, unsigned version)
{
    uuid.bytes[6] = (uint8_t)((uuid.bytes[6] & 0x0fU) | (version << 4));
    uuid.bytes[8] = (uint8_t)((uuid.bytes[8] & 0x3fU) | 0x80U);
    return uuid;
}

struct uuid uuid_random(void)
{
    struct uuid uuid;
    random_fill(uuid.bytes, sizeof(uuid.bytes));
    return with_version(uuid, 4);
}

struct uuid uuid_from_digest(const uint8_t digest[UUID_SIZE])
{
    struct uuid uuid;
    memcpy(uuid.bytes, digest, UUID_SIZE);
    return with_version(uuid, 8);
}

bool uuid_equal(const struct uuid *a, const struct uuid *b)
{
    return memcmp(a->bytes, b->bytes, UUID_SIZE) == 0;
}

void random_fill(void *bytes, size_t length)
{
    uint8_t *out = bytes;
    while (length > 0) {
        ssize_t got = getrandom(out, length, 0);
        if (got < 0 && errno != EINTR) {
            abort(); /* a service that seals cannot go on without randomness */
        }
        if (got > 0) {
            out += got;
            length -= (size_t)got;
        }
    }
}
