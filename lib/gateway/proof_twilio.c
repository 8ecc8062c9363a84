/* SPDX-License-Identifier: Apache-2.0
 * X-Twilio-Signature: base64(HMAC-SHA1(auth token, URL, then each name and value of a posted form in the order of their names)).
 * Source: https://www.twilio.com/docs/usage/security and the tests of its libraries, which take a value that comes twice once, and accept
 * the URL with its scheme's usual port as well as without. */
#include "core/buffer.h"
#include "gateway/proof_scheme.h"

enum { SIGNED_MAX = 256 * 1024 };

static const struct slice usual_port = SLICE_INIT(":443");

/* Where a port stands, or would. */
static size_t end_of_host(struct slice url)
{
    size_t at = slice_find(url, SLICE("://"));
    for (at = at < url.length ? at + 3 : at; at < url.length; at++) {
        if (url.data[at] == '/' || url.data[at] == '?' || url.data[at] == ':') {
            break;
        }
    }
    return at;
}

static bool is_signed(const struct gateway_evidence *evidence, struct slice before, struct slice port,
                      struct slice after, const struct form_pair *pairs, size_t count)
{
    struct buffer text;
    struct mac mac;
    buffer_init(&text, SIGNED_MAX);
    buffer_add_slice(&text, before);
    buffer_add_slice(&text, port);
    buffer_add_slice(&text, after);
    for (size_t i = 0; i < count; i++) {
        bool again =
            i > 0 && slice_equal(pairs[i].name, pairs[i - 1].name) && slice_equal(pairs[i].value, pairs[i - 1].value);
        if (!again) {
            buffer_add_slice(&text, pairs[i].name);
            buffer_add_slice(&text, pairs[i].value);
        }
    }
    bool holds = !text.failed && mac_make(MAC_SHA1, evidence->key, buffer_slice(&text), &mac) &&
                 mac_is_base64(&mac, http_request_header(evidence->request, SLICE("X-Twilio-Signature")));
    buffer_release(&text);
    return holds;
}

bool proof_twilio(const struct gateway_evidence *evidence, struct arena *arena)
{
    const struct form *const forms[] = {&evidence->fields->form};
    size_t count = 0;
    struct form_pair *pairs = proof_sorted(forms, 1, arena, &count);
    size_t host = end_of_host(evidence->url);
    struct slice before = slice_sub(evidence->url, 0, host);
    struct slice after = slice_sub(evidence->url, host, evidence->url.length);
    if (pairs == NULL) {
        return false;
    }
    if (is_signed(evidence, before, SLICE(""), after, pairs, count)) {
        return true;
    }
    if (slice_starts_with(after, usual_port)) {
        after = slice_sub(after, usual_port.length, after.length);
        return is_signed(evidence, before, SLICE(""), after, pairs, count);
    }
    return !slice_starts_with(after, SLICE(":")) && is_signed(evidence, before, usual_port, after, pairs, count);
}
