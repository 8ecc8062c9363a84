/* SPDX-License-Identifier: Apache-2.0
 * Mostly copying: the fixed part and the date are made once, not for each answer. */
#include "net/answer.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "net/octet.h"
#include "net/status.h"

enum { FIXED_MAX = 8 * 1024, HEAD_MAX = 64 * 1024 };

static const char security_headers[] = "X-Content-Type-Options: nosniff\r\n"
                                       "Referrer-Policy: no-referrer\r\n"
                                       "X-Frame-Options: DENY\r\n"
                                       "Cross-Origin-Opener-Policy: same-origin\r\n"
                                       "Cross-Origin-Resource-Policy: same-origin\r\n"
                                       "Permissions-Policy: geolocation=(self), camera=(), microphone=()\r\n";

bool answer_writer_init(struct answer_writer *writer, bool secure, const char *content_security_policy)
{
    *writer = (struct answer_writer){.date_second = -1};
    buffer_init(&writer->fixed, FIXED_MAX);
    buffer_init(&writer->head, HEAD_MAX);
    buffer_add_text(&writer->fixed, security_headers);
    if (secure) { /* RFC 6797 section 7.2: never over plain HTTP */
        buffer_add_text(&writer->fixed, "Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n");
    }
    if (content_security_policy != NULL) {
        buffer_printf(&writer->fixed, "Content-Security-Policy: %s\r\n", content_security_policy);
    }
    if (writer->fixed.failed ||
        (content_security_policy != NULL && !octet_all(slice_of(content_security_policy), OCTET_VALUE))) {
        answer_writer_release(writer);
        return false;
    }
    return true;
}

void answer_writer_release(struct answer_writer *writer)
{
    buffer_release(&writer->fixed);
    buffer_release(&writer->head);
}

/* IMF-fixdate, RFC 9110 section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT". */
static struct slice date_text(struct answer_writer *writer, int64_t now_us)
{
    static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970-01-01 was a Thursday */
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t second = now_us / MICROSECONDS_A_SECOND;
    if (second != writer->date_second) {
        struct date date = date_of_time(now_us);
        unsigned in_day = (unsigned)(second % 86400);
        (void)snprintf(writer->date, sizeof(writer->date), "%.3s, %02u %.3s %04u %02u:%02u:%02u GMT",
                       days + second / 86400 % 7 * 3, (unsigned)date.day % 100U, months + (date.month - 1) * 3,
                       (unsigned)date.year % 10000U, in_day / 3600 % 24, in_day / 60 % 60, in_day % 60);
        writer->date_second = second;
    }
    return slice_make(writer->date, ANSWER_DATE_SIZE);
}

static void add_field(struct buffer *head, struct slice name, struct slice value)
{
    buffer_add_slice(head, name);
    buffer_add(head, ": ", 2);
    buffer_add_slice(head, value);
    buffer_add(head, "\r\n", 2);
}

static void add_number(struct buffer *head, uint64_t number)
{
    char digits[SLICE_U64_MAX];
    buffer_add_slice(head, slice_of_u64(number, digits));
}

/* What frames the message is ours alone to say. */
static bool is_allowed(const struct http_header *header)
{
    static const struct slice ours[] = {SLICE_INIT("Content-Length"), SLICE_INIT("Transfer-Encoding"),
                                        SLICE_INIT("Connection"), SLICE_INIT("Date")};
    if (header->name.length == 0 || !octet_all(header->name, OCTET_TOKEN) || !octet_all(header->value, OCTET_VALUE)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        if (slice_equal_nocase(header->name, ours[i])) {
            return false;
        }
    }
    return true;
}

static bool add_handlers_fields(struct buffer *head, const struct answer *answer)
{
    bool cached = false;
    if (answer->header_count > ANSWER_HEADERS_MAX) {
        return false;
    }
    for (size_t i = 0; i < answer->header_count; i++) {
        if (!is_allowed(&answer->headers[i])) {
            return false;
        }
        cached = cached || slice_equal_nocase(answer->headers[i].name, SLICE("Cache-Control"));
        add_field(head, answer->headers[i].name, answer->headers[i].value);
    }
    if (!cached) {
        buffer_add_slice(head, SLICE("Cache-Control: no-store\r\n"));
    }
    return true;
}

/* RFC 9110 section 8.6: no Content-Length in a 204; in a 304 it would describe the 200, which we do not know. */
static void add_framing(struct buffer *head, const struct answer *answer)
{
    if (answer->framing == ANSWER_CHUNKED) {
        buffer_add_slice(head, SLICE("Transfer-Encoding: chunked\r\n"));
    } else if (answer->framing == ANSWER_LENGTH && answer->status != 204 && answer->status != 304) {
        buffer_add_slice(head, SLICE("Content-Length: "));
        add_number(head, answer->length);
        buffer_add(head, "\r\n", 2);
    }
    if (answer->close) {
        buffer_add_slice(head, SLICE("Connection: close\r\n"));
    }
}

struct slice answer_head(struct answer_writer *writer, const struct answer *answer, int64_t now_us)
{
    struct buffer *head = &writer->head;
    buffer_clear(head);
    buffer_add_slice(head, SLICE("HTTP/1.1 "));
    add_number(head, answer->status);
    buffer_add_byte(head, ' ');
    buffer_add_slice(head, status_reason(answer->status));
    buffer_add_slice(head, SLICE("\r\nDate: "));
    buffer_add_slice(head, date_text(writer, now_us));
    buffer_add_slice(head, SLICE("\r\nX-Request-Id: "));
    buffer_add_slice(head, answer->request_id);
    buffer_add(head, "\r\n", 2);
    add_framing(head, answer);
    if (!add_handlers_fields(head, answer)) {
        return (struct slice){NULL, 0};
    }
    buffer_add_slice(head, buffer_slice(&writer->fixed));
    buffer_add(head, "\r\n", 2);
    return head->failed ? (struct slice){NULL, 0} : buffer_slice(head);
}
