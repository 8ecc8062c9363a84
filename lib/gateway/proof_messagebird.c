/* SPDX-License-Identifier: Apache-2.0
 * MessageBird-Signature-JWT: a JWT (RFC 7519) by HS256 of the signing key, whose claims hold the hashes of URL and content and a time of a
 * minute. Source: https://developers.messagebird.com/api/#verifying-http-requests and the test vectors of its libraries, which also set the second of
 * leeway. Another `alg` than HS256 is refused: what a token says of itself is no reason to believe it. */
#include <sodium.h>

#include "core/buffer.h"
#include "core/clock.h"
#include "core/json_read.h"
#include "gateway/proof_scheme.h"

enum { TOKEN_MAX = 4096, LEEWAY_SECONDS = 1 };

/* The JSON of a token's part; NULL when it is none. */
static const struct tree *part_of(struct slice encoded, struct arena *arena)
{
    size_t length = 0;
    char *text = arena_alloc(arena, encoded.length + 1);
    if (text == NULL || sodium_base642bin((unsigned char *)text, encoded.length + 1, encoded.data, encoded.length, NULL,
                                          &length, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
        return NULL;
    }
    return json_read(arena, slice_make(text, length));
}

static struct slice claim(const struct tree *claims, struct slice name)
{
    const struct tree *member = claims != NULL ? tree_member(claims, name) : NULL;
    return member != NULL && member->kind == TREE_TEXT ? member->text : SLICE("");
}

static bool is_in_time(const struct tree *claims, int64_t now_us)
{
    const struct tree *from = tree_member(claims, SLICE("nbf"));
    const struct tree *until = tree_member(claims, SLICE("exp"));
    int64_t now = now_us / MICROSECONDS_A_SECOND;
    return from != NULL && from->kind == TREE_INTEGER && until != NULL && until->kind == TREE_INTEGER &&
           now + LEEWAY_SECONDS >= from->integer && now - LEEWAY_SECONDS <= until->integer;
}

static bool is_hash_of(struct slice hash, struct slice data)
{
    struct mac mac;
    return mac_digest(MAC_SHA256, data, &mac) && mac_is_hex(&mac, hash);
}

static bool are_of_request(const struct tree *claims, const struct gateway_evidence *evidence)
{
    struct slice body = evidence->request->body;
    struct slice body_hash = claim(claims, SLICE("payload_hash"));
    bool body_is_right = body.length > 0 ? is_hash_of(body_hash, body) : body_hash.length == 0;
    return body_is_right && slice_equal(claim(claims, SLICE("iss")), SLICE("MessageBird")) &&
           is_in_time(claims, evidence->now_us) && is_hash_of(claim(claims, SLICE("url_hash")), evidence->url);
}

bool proof_messagebird(const struct gateway_evidence *evidence, struct arena *arena)
{
    struct slice token = http_request_header(evidence->request, SLICE("MessageBird-Signature-JWT"));
    struct slice signature = token, header, claims;
    struct mac mac;
    if (token.length > TOKEN_MAX || !slice_split(&signature, '.', &header) || !slice_split(&signature, '.', &claims)) {
        return false;
    }
    struct slice signed_part = slice_sub(token, 0, header.length + 1 + claims.length);
    if (!slice_equal(claim(part_of(header, arena), SLICE("alg")), SLICE("HS256")) ||
        !mac_make(MAC_SHA256, evidence->key, signed_part, &mac) || !mac_is_base64url(&mac, signature)) {
        return false;
    }
    const struct tree *said = part_of(claims, arena);
    return said != NULL && are_of_request(said, evidence);
}
