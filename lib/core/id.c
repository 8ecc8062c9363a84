/* SPDX-License-Identifier: Apache-2.0
 * UUIDs, hexadecimal and random bytes. */
#include "core/id.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_parse(struct slice text, void *bytes, size_t length)
{
    uint8_t *out = bytes;
    if (text.length != length * 2) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        int high = hex_value(text.data[2 * i]);
        int low = hex_value(text.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

struct slice hex_format(const void *bytes, size_t length, char *text)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *in = bytes;
    for (size_t i = 0; i < length; i++) {
        text[2 * i] = digits[in[i] >> 4];
        text[2 * i + 1] = digits[in[i] & 15];
    }
    text[2 * length] = '\0';
    return slice_make(text, 2 * length);
}

bool uuid_parse(struct slice text, struct uuid *uuid)
{
    char compact[2 * UUID_SIZE];
    size_t used = 0;
    if (text.length != UUID_TEXT_SIZE) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen != (text.data[i] == '-')) {
            return false;
        }
        if (!hyphen) {
            compact[used++] = text.data[i];
        }
    }
    return hex_parse(slice_make(compact, used), uuid->bytes, UUID_SIZE);
}

struct slice uuid_format(const struct uuid *uuid, char text[UUID_TEXT_SIZE + 1])
{
    char compact[2 * UUID_SIZE + 1];
    size_t used = 0;
    (void)hex_format(uuid->bytes, UUID_SIZE, compact);
    for (size_t i = 0; i < 2 * UUID_SIZE; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20) {
            text[used++] = '-';
        }
        text[used++] = compact[i];
    }
    text[used] = '\0';
    return slice_make(text, used);
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
