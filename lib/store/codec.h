/* SPDX-License-Identifier: Apache-2.0
 * Records as bytes for the journal: one function a record says its fields once, and the codec writes or reads them. */
#ifndef STORE_CODEC_H
#define STORE_CODEC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "core/id.h"
#include "core/slice.h"

struct codec {
    struct buffer *out;  /* writing: where to; NULL when reading */
    struct slice in;     /* reading: what is left */
    struct arena *arena; /* reading: owns what is read */
    bool failed;         /* sticky: cut input, a count past its limit, or no memory */
};

struct codec codec_writer(struct buffer *out);
struct codec codec_reader(struct slice in, struct arena *arena);
/* Reading: everything was there and nothing is left over. Writing: nothing failed. */
bool codec_is_done(const struct codec *codec);

void codec_u8(struct codec *codec, uint8_t *value);
void codec_bool(struct codec *codec, bool *value);
void codec_u32(struct codec *codec, uint32_t *value);
void codec_i64(struct codec *codec, int64_t *value);
void codec_bytes(struct codec *codec, void *bytes, size_t length);
void codec_uuid(struct codec *codec, struct uuid *value);
void codec_slice(struct codec *codec, struct slice *value);
/* A number of items, at most `most`. */
void codec_count(struct codec *codec, size_t *count, size_t most);

#endif
