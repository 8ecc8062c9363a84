/* SPDX-License-Identifier: Apache-2.0
 * The door to llhttp: its names (HTTP_GET and more) clash with ours, so one file knows it and nobody else. */
#ifndef NET_GRAMMAR_H
#define NET_GRAMMAR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

/* A request head as llhttp reads it. Slices point into the block. */
struct grammar_head {
    struct slice method;
    struct slice target;
    unsigned minor;
    bool chunked;
    uint64_t content_length;
    /* Called for each field in order; false stops the parse. */
    bool (*on_field)(void *context, struct slice name, struct slice value);
    void *context;
};

/* Parses one whole header block, its empty line included, in strict mode. The caller sets on_field and context; false when
 * llhttp refuses the block or does not find its end exactly at the block's end. */
bool grammar_parse_head(struct slice block, struct grammar_head *head);

#endif
