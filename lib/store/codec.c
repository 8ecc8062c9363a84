/* SPDX-License-Identifier: Apache-2.0
 * Network order, lengths before bytes. */
#include "store/codec.h"

#include <string.h>

struct codec codec_writer(struct buffer *out)
{
    return (struct codec){.out = out};
}

struct codec codec_reader(struct slice in, struct arena *arena)
{
    return (struct codec){.in = in, .arena = arena};
}

bool codec_is_done(const struct codec *codec)
{
    return !codec->failed && (codec->out != NULL ? !codec->out->failed : codec->in.length == 0);
}

void codec_bytes(struct codec *codec, void *bytes, size_t length)
{
    if (codec->out != NULL) {
        buffer_add(codec->out, bytes, length);
        return;
    }
    if (codec->failed || codec->in.length < length) {
        codec->failed = true;
        memset(bytes, 0, length);
        return;
    }
    if (length > 0) {
        memcpy(bytes, codec->in.data, length);
    }
    codec->in = slice_sub(codec->in, length, codec->in.length);
}

static uint64_t code_number(struct codec *codec, uint64_t value, size_t size)
{
    uint8_t bytes[8];
    uint64_t read = 0;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
    codec_bytes(codec, bytes, size);
    for (size_t i = 0; i < size; i++) {
        read = (read << 8) | bytes[i];
    }
    return read;
}

void codec_u8(struct codec *codec, uint8_t *value)
{
    *value = (uint8_t)code_number(codec, *value, sizeof(*value));
}

void codec_bool(struct codec *codec, bool *value)
{
    *value = code_number(codec, *value ? 1 : 0, 1) != 0;
}

void codec_u32(struct codec *codec, uint32_t *value)
{
    *value = (uint32_t)code_number(codec, *value, sizeof(*value));
}

void codec_i64(struct codec *codec, int64_t *value)
{
    *value = (int64_t)code_number(codec, (uint64_t)*value, sizeof(*value));
}

void codec_uuid(struct codec *codec, struct uuid *value)
{
    codec_bytes(codec, value->bytes, sizeof(value->bytes));
}

void codec_count(struct codec *codec, size_t *count, size_t most)
{
    uint32_t number = (uint32_t)*count;
    codec_u32(codec, &number);
    if (number > most) {
        codec->failed = true;
        number = 0;
    }
    *count = number;
}

void codec_slice(struct codec *codec, struct slice *value)
{
    size_t length = value->length;
    codec_count(codec, &length, UINT32_MAX);
    if (codec->out != NULL) {
        buffer_add_slice(codec->out, *value);
        return;
    }
    *value = (struct slice){NULL, 0};
    if (codec->failed || length > codec->in.length) {
        codec->failed = true;
        return;
    }
    *value = arena_dup(codec->arena, slice_sub(codec->in, 0, length));
    codec->failed = codec->failed || (value->data == NULL && length > 0);
    codec->in = slice_sub(codec->in, length, codec->in.length);
}
