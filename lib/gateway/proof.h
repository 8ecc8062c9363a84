/* SPDX-License-Identifier: Apache-2.0
 * Whether a request comes from the gateway it says: the secret it shows, or the signature it bears. */
#ifndef GATEWAY_PROOF_H
#define GATEWAY_PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "gateway/fields.h"
#include "net/http.h"
#include "seal/blind.h"

enum gateway_proof {
    GATEWAY_PROOF_SECRET, /* ?secret= of its URL, or the password of HTTP Basic authentication (RFC 7617) */
    GATEWAY_PROOF_FIELD,  /* its field `secret` */
    /* HMAC-SHA1 of URL and sorted form. https://www.twilio.com/docs/usage/security */
    GATEWAY_PROOF_TWILIO,
    /* Sorted fields, HMAC-SHA256 or HMAC-SHA512. https://developer.vonage.com/en/getting-started/concepts/signing-messages */
    GATEWAY_PROOF_VONAGE,
    /* HMAC-SHA256 of URL, form and nonce, version 3. https://www.plivo.com/docs/voice/xml/request/validation */
    GATEWAY_PROOF_PLIVO,
    /* HMAC-SHA256 of URL and nonce, version 2: not of what is said. https://www.plivo.com/docs/messaging/concepts/signature-validation */
    GATEWAY_PROOF_PLIVO_V2,
    /* A JWT (HS256) over URL and content. https://developers.messagebird.com/api/#verifying-http-requests */
    GATEWAY_PROOF_MESSAGEBIRD,
    /* HMAC-SHA256 of content and time. https://docs.sms-gate.app/features/webhooks */
    GATEWAY_PROOF_ANDROID,
    GATEWAY_PROOF_COUNT,
};

struct gateway_evidence {
    const struct http_request *request;
    const struct gateway_fields *fields;
    struct slice url; /* as it was entered at the gateway: the service's public address and the request's target */
    struct slice key; /* of its signatures; empty for a kind that shows its secret */
    const struct blind_keys *keys;
    const uint8_t *secret_check; /* of a secret that is shown: BLIND_SESSION, BLIND_SIZE octets */
    int64_t now_us;
};

/* Who makes the secret, and what is kept of it. */
enum gateway_secret {
    GATEWAY_SECRET_CHECKED, /* ours, entered there; its check is enough */
    GATEWAY_SECRET_SHARED,  /* ours, entered there; it has to be known to verify signatures */
    GATEWAY_SECRET_THEIRS,  /* the gateway's, copied from there; it has to be known too */
};

enum gateway_secret gateway_proof_secret(enum gateway_proof proof);
/* False as well when memory is out. */
bool gateway_proof_holds(enum gateway_proof proof, const struct gateway_evidence *evidence, struct arena *arena);

#endif
