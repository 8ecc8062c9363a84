/* SPDX-License-Identifier: Apache-2.0
 * Secrets shown in clear, and the way to the scheme of a signature. */
#include "gateway/proof.h"

#include <sodium.h>
#include <stdlib.h>

#include "core/clock.h"
#include "gateway/proof_scheme.h"

static struct slice basic_password(const struct http_request *request, struct arena *arena)
{
    struct slice given = http_request_header(request, SLICE("Authorization"));
    size_t room = given.length;
    size_t length = 0;
    if (given.length < 6 || !slice_equal_nocase(slice_sub(given, 0, 6), SLICE("Basic "))) {
        return SLICE("");
    }
    struct slice encoded = slice_trim(slice_sub(given, 6, given.length));
    char *text = arena_alloc(arena, room);
    if (text == NULL || sodium_base642bin((unsigned char *)text, room, encoded.data, encoded.length, NULL, &length,
                                          NULL, sodium_base64_VARIANT_ORIGINAL) != 0) {
        return SLICE("");
    }
    struct slice pair = slice_make(text, length);
    return slice_sub(pair, slice_index(pair, ':') + 1, pair.length);
}

static bool is_secret(const struct gateway_evidence *evidence, struct slice shown)
{
    uint8_t check[BLIND_SIZE];
    if (shown.length == 0) {
        return false;
    }
    blind(evidence->keys, BLIND_SESSION, shown, check);
    return sodium_memcmp(check, evidence->secret_check, BLIND_SIZE) == 0;
}

static bool proof_secret(const struct gateway_evidence *evidence, struct arena *arena)
{
    struct slice shown = SLICE("");
    return (http_request_query(evidence->request, arena, SLICE("secret"), &shown) && is_secret(evidence, shown)) ||
           is_secret(evidence, basic_password(evidence->request, arena));
}

static bool proof_field(const struct gateway_evidence *evidence, struct arena *arena)
{
    return is_secret(evidence, gateway_field(evidence->fields, evidence->fields->json, "secret", arena));
}

static const struct {
    proof_scheme *holds;
    enum gateway_secret secret;
} schemes[GATEWAY_PROOF_COUNT] = {
    [GATEWAY_PROOF_SECRET] = {proof_secret, GATEWAY_SECRET_CHECKED},
    [GATEWAY_PROOF_FIELD] = {proof_field, GATEWAY_SECRET_CHECKED},
    [GATEWAY_PROOF_TWILIO] = {proof_twilio, GATEWAY_SECRET_THEIRS},
    [GATEWAY_PROOF_VONAGE] = {proof_vonage, GATEWAY_SECRET_THEIRS},
    [GATEWAY_PROOF_PLIVO] = {proof_plivo, GATEWAY_SECRET_THEIRS},
    [GATEWAY_PROOF_PLIVO_V2] = {proof_plivo_v2, GATEWAY_SECRET_THEIRS},
    [GATEWAY_PROOF_MESSAGEBIRD] = {proof_messagebird, GATEWAY_SECRET_THEIRS},
    [GATEWAY_PROOF_ANDROID] = {proof_android, GATEWAY_SECRET_SHARED},
};

enum gateway_secret gateway_proof_secret(enum gateway_proof proof)
{
    return schemes[proof].secret;
}

bool gateway_proof_holds(enum gateway_proof proof, const struct gateway_evidence *evidence, struct arena *arena)
{
    return schemes[proof].holds(evidence, arena) && !arena->failed;
}

static int by_name_and_value(const void *a, const void *b)
{
    const struct form_pair *x = a, *y = b;
    int order = slice_compare(x->name, y->name);
    return order != 0 ? order : slice_compare(x->value, y->value);
}

struct form_pair *proof_sorted(const struct form *const forms[], size_t form_count, struct arena *arena, size_t *count)
{
    size_t total = 0;
    for (size_t i = 0; i < form_count; i++) {
        total += forms[i]->count;
    }
    struct form_pair *pairs = arena_array(arena, total + 1, sizeof(*pairs));
    *count = 0;
    for (size_t i = 0; pairs != NULL && i < form_count; i++) {
        for (size_t j = 0; j < forms[i]->count; j++) {
            pairs[(*count)++] = forms[i]->pairs[j];
        }
    }
    if (pairs != NULL) {
        qsort(pairs, *count, sizeof(*pairs), by_name_and_value);
    }
    return pairs;
}

bool proof_is_recent(struct slice unix_seconds, int64_t now_us, int64_t seconds)
{
    uint64_t then = 0;
    if (!slice_to_u64(unix_seconds, INT64_MAX / MICROSECONDS_A_SECOND, &then)) {
        return false;
    }
    int64_t apart = now_us / MICROSECONDS_A_SECOND - (int64_t)then;
    return apart >= -seconds && apart <= seconds;
}
