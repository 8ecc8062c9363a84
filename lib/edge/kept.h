/* SPDX-License-Identifier: Apache-2.0
 * Answers that are the same for everybody, compressed once and kept.
 *
 * A page is made anew for each request, which is cheap, and looked up by its hash, so a change of what it says needs no telling. What is
 * kept is its compressed forms: those cost a hundred times as much.
 * Only for pages that hold nothing of the caller's but language and crisis, both from our own lists. A page with a secret, or with words
 * that a link or form brought, is answered as it is by pages_respond: its compressed length would tell of the secret (BREACH). */
#ifndef EDGE_KEPT_H
#define EDGE_KEPT_H

#include "core/buffer.h"
#include "net/http.h"

struct kept_pages;

/* NULL when memory is out. */
struct kept_pages *kept_pages_new(void);
void kept_pages_free(struct kept_pages *pages);

/* Answers 200 with `html`, or 304 when the caller has it: ETag, and to be asked again each time. False when it could not be
 * compressed for want of memory: nothing was answered. */
bool kept_pages_respond(struct kept_pages *pages, struct http_exchange *exchange, struct slice media_type,
                        struct slice html);

#endif
