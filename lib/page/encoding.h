/* SPDX-License-Identifier: Apache-2.0
 * Pages made small for the wire. Source: RFC 9110 section 12.5.3, RFC 7932 (Brotli), RFC 1952 (gzip).
 * Only for pages without anything secret, or without anything a stranger chose: what a compressed answer repeats shows in its length
 * (BREACH). lib/edge/kept.h says which those are. */
#ifndef PAGE_ENCODING_H
#define PAGE_ENCODING_H

#include <stdbool.h>

#include "core/buffer.h"
#include "core/slice.h"

enum page_encoding { PAGE_PLAIN, PAGE_GZIP, PAGE_BROTLI, PAGE_ENCODING_COUNT };

/* The smallest that an Accept-Encoding header takes; one with weight 0 is refused. Reads at most PAGE_CODINGS_MAX of them. */
enum { PAGE_CODINGS_MAX = 16 };
enum page_encoding page_encoding_negotiate(struct slice accept_encoding);

/* Content-Encoding's token; empty for PAGE_PLAIN. */
struct slice page_encoding_name(enum page_encoding encoding);

/* How hard to try: once for many answers, or for this one alone. */
enum page_effort { PAGE_EFFORT_ONE, PAGE_EFFORT_MANY };

/* Adds `plain` encoded to `out`; false, with out->failed, when memory or out's maximum ran out. */
bool page_encode(struct buffer *out, enum page_encoding encoding, enum page_effort effort, struct slice plain);

#endif
