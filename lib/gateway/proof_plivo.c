/* SPDX-License-Identifier: Apache-2.0
 * X-Plivo-Signature-V3: base64(HMAC-SHA256(auth token, what was asked, ".", nonce)), several parted by commas. What was asked is the URL without
 * its query; then "?" and the sorted query; then, of a posted form, "." and each name and value, sorted.
 * X-Plivo-Signature-V2 signs URL and nonce only; a kind of its own, for the pages on messages promise no more.
 * Source: https://www.plivo.com/docs/voice/xml/request/validation, .../messaging/concepts/signature-validation, and its Go and Node libraries. */
#include "core/buffer.h"
#include "gateway/proof_scheme.h"

enum { SIGNED_MAX = 256 * 1024 };

static void add_query(struct buffer *text, const struct form_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_add_slice(text, i > 0 ? SLICE("&") : SLICE(""));
        buffer_add_slice(text, pairs[i].name);
        buffer_add_byte(text, '=');
        buffer_add_slice(text, pairs[i].value);
    }
}

static bool bears(const struct mac *mac, struct slice signatures)
{
    struct slice one;
    bool found = false;
    while (slice_split(&signatures, ',', &one)) {
        found = mac_is_base64(mac, slice_trim(one)) || found;
    }
    return found;
}

static bool write_asked(struct buffer *text, const struct gateway_evidence *evidence, struct arena *arena)
{
    const struct form *const query_form[] = {&evidence->fields->query};
    const struct form *const posted_form[] = {&evidence->fields->form};
    size_t query_count = 0, posted_count = 0;
    struct form_pair *query = proof_sorted(query_form, 1, arena, &query_count);
    struct form_pair *posted = proof_sorted(posted_form, 1, arena, &posted_count);
    if (query == NULL || posted == NULL) {
        return false;
    }
    buffer_add_slice(text, query_count > 0 || posted_count > 0 ? SLICE("?") : SLICE(""));
    add_query(text, query, query_count);
    buffer_add_slice(text, query_count > 0 && posted_count > 0 ? SLICE(".") : SLICE(""));
    for (size_t i = 0; i < posted_count; i++) {
        buffer_add_slice(text, posted[i].name);
        buffer_add_slice(text, posted[i].value);
    }
    buffer_add_byte(text, '.');
    return true;
}

/* What the header's signatures must be of: the URL without its query, what write_asked adds, and the nonce. */
static bool is_signed(const struct gateway_evidence *evidence, struct slice signatures, struct slice nonce,
                      bool with_asked, struct arena *arena)
{
    struct buffer text;
    struct mac mac;
    buffer_init(&text, SIGNED_MAX);
    buffer_add_slice(&text, slice_sub(evidence->url, 0, slice_index(evidence->url, '?')));
    bool written = nonce.length > 0 && (!with_asked || write_asked(&text, evidence, arena));
    buffer_add_slice(&text, nonce);
    bool holds = written && !text.failed && mac_make(MAC_SHA256, evidence->key, buffer_slice(&text), &mac) &&
                 bears(&mac, signatures);
    buffer_release(&text);
    return holds;
}

bool proof_plivo(const struct gateway_evidence *evidence, struct arena *arena)
{
    return is_signed(evidence, http_request_header(evidence->request, SLICE("X-Plivo-Signature-V3")),
                     http_request_header(evidence->request, SLICE("X-Plivo-Signature-V3-Nonce")), true, arena);
}

bool proof_plivo_v2(const struct gateway_evidence *evidence, struct arena *arena)
{
    return is_signed(evidence, http_request_header(evidence->request, SLICE("X-Plivo-Signature-V2")),
                     http_request_header(evidence->request, SLICE("X-Plivo-Signature-V2-Nonce")), false, arena);
}
