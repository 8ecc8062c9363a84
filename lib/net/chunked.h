/* SPDX-License-Identifier: Apache-2.0
 * The chunked transfer coding of a request, with every part bounded. Source: RFC 9112 section 7.1.
 *
 *     SIZE --digits--> SIZE --CR--> SIZE_LF --LF--> DATA --all--> DATA_CR --CR--> DATA_LF --LF--> SIZE
 *                                            \--LF, size 0--> LAST_CR --CR--> LAST_LF --LF--> DONE
 *     SIZE --";"--> NAME --"="--> VALUE --quote--> QUOTED --quote--> QUOTED_END; a backslash goes by ESCAPED;
 *     ";" leads from NAME, VALUE and QUOTED_END to NAME, CR from them to SIZE_LF.
 *
 * Our own rather than llhttp's: llhttp takes size lines with any number of leading zeros and cannot say how much framing
 * it has read. The fuzzer checks that llhttp accepts whatever this accepts, extensions aside, and reads the same content. */
#ifndef NET_CHUNKED_H
#define NET_CHUNKED_H

#include <stdint.h>

#include "core/buffer.h"
#include "core/slice.h"
#include "net/refusal.h"

enum {
    CHUNKED_SIZE_DIGITS_MAX = 8,
    CHUNKED_EXTENSIONS_MAX = 256, /* octets of all extensions of a body: CVE-2023-39326 and its like */
};

enum chunked_state {
    CHUNKED_SIZE,
    CHUNKED_NAME,
    CHUNKED_VALUE,
    CHUNKED_QUOTED,
    CHUNKED_ESCAPED,
    CHUNKED_QUOTED_END,
    CHUNKED_SIZE_LF,
    CHUNKED_DATA,
    CHUNKED_DATA_CR,
    CHUNKED_DATA_LF,
    CHUNKED_LAST_CR,
    CHUNKED_LAST_LF,
    CHUNKED_DONE,
};

struct chunked {
    enum chunked_state state;
    unsigned digits;     /* of the size, or octets of the name or value, being read */
    unsigned extensions; /* octets so far */
    uint64_t left;       /* of the chunk */
};

void chunked_init(struct chunked *chunked);
/* Reads from `input`, adds content to `body` (whose maximum bounds it), sets *used. Stops at CHUNKED_DONE. The outcome does
 * not depend on how the input is cut. */
enum refusal chunked_feed(struct chunked *chunked, struct slice input, struct buffer *body, size_t *used);

#endif
