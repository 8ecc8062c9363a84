/* SPDX-License-Identifier: Apache-2.0
 * Line by line over the block; each field that frames or routes the message has a row in a table. */
#include "net/prefilter.h"

#include <string.h>

#include "net/http.h"
#include "net/octet.h"

struct scan {
    struct slice rest; /* lines not read yet */
    struct prefilter_facts facts;
    unsigned host_count, length_count, coding_count;
};

/* Takes one line without its CRLF off the front of the rest. */
static enum refusal take_line(struct scan *scan, struct slice *line)
{
    size_t end = slice_index(scan->rest, '\n');
    if (end == scan->rest.length) {
        return REFUSAL_HEAD_UNENDED;
    }
    if (end == 0 || scan->rest.data[end - 1] != '\r') {
        return REFUSAL_BARE_LF;
    }
    *line = slice_sub(scan->rest, 0, end - 1);
    scan->rest = slice_sub(scan->rest, end + 1, scan->rest.length);
    return slice_index(*line, '\r') == line->length ? REFUSAL_NONE : REFUSAL_BARE_CR;
}

static enum refusal check_method(struct slice method)
{
    static const struct slice known[] = {
        SLICE_INIT("GET"),   SLICE_INIT("POST"),   SLICE_INIT("HEAD"),    SLICE_INIT("PUT"),
        SLICE_INIT("PATCH"), SLICE_INIT("DELETE"), SLICE_INIT("OPTIONS"),
    };
    if (method.length == 0 || !octet_all(method, OCTET_TOKEN)) {
        return REFUSAL_METHOD_SYNTAX;
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (slice_equal(method, known[i])) {
            return REFUSAL_NONE;
        }
    }
    return REFUSAL_METHOD_UNKNOWN;
}

static enum refusal check_version(struct slice version, unsigned *minor)
{
    if (version.length != 8 || !slice_starts_with(version, SLICE("HTTP/")) || version.data[6] != '.' ||
        !octet_is(version.data[5], OCTET_DIGIT) || !octet_is(version.data[7], OCTET_DIGIT)) {
        return REFUSAL_VERSION_SYNTAX;
    }
    if (version.data[5] != '1' || version.data[7] > '1') {
        return REFUSAL_VERSION_UNKNOWN;
    }
    *minor = version.data[7] == '1' ? 1 : 0;
    return REFUSAL_NONE;
}

/* The version is judged before the method: an HTTP/2 preface ("PRI * HTTP/2.0") is a wrong version, not a wrong method. */
static enum refusal check_request_line(struct scan *scan, struct slice line)
{
    struct slice method = {NULL, 0};
    struct slice target = {NULL, 0};
    if (!slice_split(&line, ' ', &method) || !slice_split(&line, ' ', &target) || target.length == 0 ||
        line.length == 0) {
        return REFUSAL_REQUEST_LINE;
    }
    if (slice_index(line, ' ') != line.length || slice_index(line, '\t') != line.length) {
        return REFUSAL_REQUEST_LINE;
    }
    enum refusal reason = check_version(line, &scan->facts.minor);
    if (reason != REFUSAL_NONE) {
        return reason;
    }
    reason = check_method(method);
    if (reason != REFUSAL_NONE) {
        return reason;
    }
    if (target.length > PREFILTER_TARGET_MAX) {
        return REFUSAL_TARGET_TOO_LONG;
    }
    return octet_all(target, OCTET_TARGET) ? REFUSAL_NONE : REFUSAL_TARGET_OCTET;
}

static bool port_is_valid(struct slice port)
{
    uint64_t number = 0;
    return port.length == 0 || (port.length <= 5 && slice_to_u64(port, UINT16_MAX, &number)); /* port = *DIGIT */
}

bool prefilter_host_is_valid(struct slice host)
{
    if (host.length > 0 && host.data[0] == '[') { /* IP-literal, RFC 3986 section 3.2.2; only IPv6 is in use */
        size_t end = slice_index(host, ']');
        if (end == host.length || end < 3) {
            return false;
        }
        for (size_t i = 1; i < end; i++) {
            if (!octet_is(host.data[i], OCTET_HEX) && host.data[i] != ':' && host.data[i] != '.') {
                return false;
            }
        }
        struct slice after = slice_sub(host, end + 1, host.length);
        return after.length == 0 || (after.data[0] == ':' && port_is_valid(slice_sub(after, 1, after.length)));
    }
    size_t colon = slice_index(host, ':');
    struct slice name = slice_sub(host, 0, colon);
    return name.length > 0 && octet_all(name, OCTET_HOST) && port_is_valid(slice_sub(host, colon + 1, host.length));
}

static enum refusal check_host(struct scan *scan, struct slice value)
{
    if (++scan->host_count > 1) {
        return REFUSAL_HOST_REPEATED;
    }
    if (!prefilter_host_is_valid(value)) {
        return REFUSAL_HOST_INVALID;
    }
    scan->facts.host = value;
    return REFUSAL_NONE;
}

/* RFC 9112 section 6.3 lets a server repair "5, 5"; we refuse instead, for a proxy before us may have chosen otherwise. */
static enum refusal check_length(struct scan *scan, struct slice value)
{
    enum { LENGTH_DIGITS_MAX = 19 };
    if (++scan->length_count > 1) {
        return REFUSAL_LENGTH_REPEATED;
    }
    if (value.length > LENGTH_DIGITS_MAX || !slice_to_u64(value, UINT64_MAX, &scan->facts.content_length)) {
        return REFUSAL_LENGTH_INVALID;
    }
    scan->facts.has_length = true;
    return REFUSAL_NONE;
}

static enum refusal check_coding(struct scan *scan, struct slice value)
{
    if (++scan->coding_count > 1) {
        return REFUSAL_CODING_REPEATED;
    }
    if (slice_equal_nocase(value, SLICE("chunked"))) {
        scan->facts.chunked = true;
        return REFUSAL_NONE;
    }
    /* Well-formed codings with one final chunked are merely not ours (501); anything else has no end we could trust. */
    struct slice last = {NULL, 0};
    unsigned chunked = 0;
    for (struct slice coding; slice_split(&value, ',', &coding);) {
        last = slice_trim(coding);
        if (last.length == 0 || !octet_all(last, OCTET_TOKEN)) {
            return REFUSAL_CODING_INVALID;
        }
        chunked += slice_equal_nocase(last, SLICE("chunked")) ? 1 : 0;
    }
    return chunked == 1 && slice_equal_nocase(last, SLICE("chunked")) ? REFUSAL_CODING_UNKNOWN : REFUSAL_CODING_INVALID;
}

static enum refusal check_connection(struct scan *scan, struct slice value)
{
    for (struct slice option; slice_split(&value, ',', &option);) {
        if (slice_equal_nocase(slice_trim(option), SLICE("close"))) {
            scan->facts.close = true;
        }
    }
    return REFUSAL_NONE;
}

static enum refusal check_expect(struct scan *scan, struct slice value)
{
    if (scan->facts.minor == 0) {
        return REFUSAL_NONE;
    }
    if (!slice_equal_nocase(value, SLICE("100-continue"))) {
        return REFUSAL_EXPECTATION;
    }
    scan->facts.expect_continue = true;
    return REFUSAL_NONE;
}

static const struct {
    struct slice name;
    enum refusal (*check)(struct scan *scan, struct slice value);
} watched[] = {
    {SLICE_INIT("Host"), check_host},
    {SLICE_INIT("Content-Length"), check_length},
    {SLICE_INIT("Transfer-Encoding"), check_coding},
    {SLICE_INIT("Connection"), check_connection},
    {SLICE_INIT("Expect"), check_expect},
};

static enum refusal check_name(struct slice name)
{
    if (name.length > 0 && (name.data[name.length - 1] == ' ' || name.data[name.length - 1] == '\t')) {
        return REFUSAL_SPACE_BEFORE_COLON;
    }
    return name.length > 0 && octet_all(name, OCTET_TOKEN) ? REFUSAL_NONE : REFUSAL_FIELD_NAME;
}

static enum refusal check_field(struct scan *scan, struct slice line)
{
    if (line.data[0] == ' ' || line.data[0] == '\t') {
        return scan->facts.field_count == 0 ? REFUSAL_SPACE_BEFORE_FIELDS : REFUSAL_FOLDED;
    }
    if (++scan->facts.field_count > HTTP_HEADERS_MAX) {
        return REFUSAL_TOO_MANY_FIELDS;
    }
    size_t colon = slice_index(line, ':');
    if (colon == line.length) {
        return REFUSAL_NO_COLON;
    }
    struct slice name = slice_sub(line, 0, colon);
    struct slice value = slice_sub(line, colon + 1, line.length);
    enum refusal reason = check_name(name);
    if (reason != REFUSAL_NONE) {
        return reason;
    }
    if (!octet_all(value, OCTET_VALUE)) {
        return REFUSAL_CONTROL;
    }
    for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++) {
        if (slice_equal_nocase(name, watched[i].name)) {
            return watched[i].check(scan, slice_trim(value));
        }
    }
    return REFUSAL_NONE;
}

static enum refusal check_framing(const struct scan *scan)
{
    if (scan->host_count == 0 && scan->facts.minor == 1) {
        return REFUSAL_HOST_MISSING;
    }
    if (scan->coding_count > 0 && scan->facts.minor == 0) {
        return REFUSAL_CODING_IN_1_0;
    }
    return scan->coding_count > 0 && scan->length_count > 0 ? REFUSAL_CODING_AND_LENGTH : REFUSAL_NONE;
}

static enum refusal check_lines(struct scan *scan)
{
    struct slice line = {NULL, 0};
    enum refusal reason = take_line(scan, &line);
    if (reason == REFUSAL_NONE) {
        reason = check_request_line(scan, line);
    }
    while (reason == REFUSAL_NONE) { /* ends: every turn takes a line off a block of at most 16 KiB */
        reason = take_line(scan, &line);
        if (reason == REFUSAL_NONE && line.length == 0) {
            return scan->rest.length == 0 ? check_framing(scan) : REFUSAL_HEAD_UNENDED;
        }
        if (reason == REFUSAL_NONE) {
            reason = check_field(scan, line);
        }
    }
    return reason;
}

enum refusal prefilter_check(struct slice block, struct prefilter_facts *facts)
{
    if (block.length > HTTP_HEADER_BLOCK_MAX) {
        return REFUSAL_HEAD_TOO_LARGE;
    }
    struct scan scan = {.rest = block};
    enum refusal reason = check_lines(&scan);
    if (reason == REFUSAL_NONE) {
        scan.facts.close = scan.facts.close || scan.facts.minor == 0;
        *facts = scan.facts;
    }
    return reason;
}
