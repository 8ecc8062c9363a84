/* SPDX-License-Identifier: Apache-2.0
 * X-Signature: HMAC-SHA256(signing key, content, X-Timestamp) in hexadecimal; the time is made anew at each attempt.
 * Source: https://docs.sms-gate.app/features/webhooks (SMS Gateway for Android). */
#include "core/buffer.h"
#include "gateway/proof_scheme.h"

/* As its documentation advises. What is older is not taken again: a thief of one request could do little with it, for what it brought is one message. */
enum { SIGNED_MAX = 256 * 1024, ANDROID_WINDOW_SECONDS = 300 };

bool proof_android(const struct gateway_evidence *evidence, struct arena *arena)
{
    struct slice sent_at = http_request_header(evidence->request, SLICE("X-Timestamp"));
    struct slice signature = http_request_header(evidence->request, SLICE("X-Signature"));
    struct buffer text;
    struct mac mac;
    (void)arena;
    buffer_init(&text, SIGNED_MAX);
    buffer_add_slice(&text, evidence->request->body);
    buffer_add_slice(&text, sent_at);
    bool holds = proof_is_recent(sent_at, evidence->now_us, ANDROID_WINDOW_SECONDS) && !text.failed &&
                 mac_make(MAC_SHA256, evidence->key, buffer_slice(&text), &mac) && mac_is_hex(&mac, signature);
    buffer_release(&text);
    return holds;
}
