/* SPDX-License-Identifier: Apache-2.0
 * The guard in front of llhttp: a pure look over one whole header block that refuses what any two parsers might read
 * differently, so nothing ambiguous reaches the grammar. */
#ifndef NET_PREFILTER_H
#define NET_PREFILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"
#include "net/refusal.h"

enum { PREFILTER_TARGET_MAX = 8000 }; /* octets; RFC 9112 section 3 asks to support at least 8000 in the request line */

/* What the block says about the message around it. Slices point into the block. */
struct prefilter_facts {
    unsigned minor; /* of HTTP/1.x: 0 or 1 */
    bool chunked;
    bool has_length;
    uint64_t content_length;
    bool close;           /* Connection: close, or HTTP/1.0 */
    bool expect_continue; /* HTTP/1.1 only: RFC 9110 section 10.1.1 tells to ignore it in 1.0 */
    struct slice host;    /* empty when absent (HTTP/1.0) */
    size_t field_count;
};

/* `block`: the request line and fields up to and including the empty line's CRLF. `facts` is filled only on REFUSAL_NONE. */
enum refusal prefilter_check(struct slice block, struct prefilter_facts *facts);

/* uri-host [ ":" port ], RFC 9110 section 7.2; not empty. */
bool prefilter_host_is_valid(struct slice host);

#endif
