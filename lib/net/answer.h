/* SPDX-License-Identifier: Apache-2.0
 * The head of every answer: status line, what each answer of a listener carries, what the handler adds. */
#ifndef NET_ANSWER_H
#define NET_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buffer.h"
#include "net/http.h"

enum { ANSWER_DATE_SIZE = 29, ANSWER_HEADERS_MAX = 32 };

struct answer_writer {
    struct buffer fixed; /* the listener's security headers, ready made */
    struct buffer head;  /* the head being written: one for the whole listener */
    int64_t date_second; /* of `date` */
    char date[ANSWER_DATE_SIZE + 1];
};

enum answer_framing { ANSWER_LENGTH, ANSWER_CHUNKED, ANSWER_UNTIL_CLOSE };

struct answer {
    unsigned status;
    const struct http_header *headers;
    size_t header_count;
    enum answer_framing framing;
    size_t length; /* of the body, for ANSWER_LENGTH */
    bool close;
    struct slice request_id;
};

/* `secure`: adds Strict-Transport-Security. `content_security_policy` may be NULL. False without memory. */
bool answer_writer_init(struct answer_writer *writer, bool secure, const char *content_security_policy);
void answer_writer_release(struct answer_writer *writer);
/* The whole head, its empty line included; valid until the next call. Empty when a header is one that we write ourselves, has
 * a name that is no token or a value with control characters (RFC 9110 section 5.5: it could split the answer), or memory
 * ran out. */
struct slice answer_head(struct answer_writer *writer, const struct answer *answer, int64_t now_us);

#endif
