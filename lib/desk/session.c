/* SPDX-License-Identifier: Apache-2.0
 * Cookies, bearer tokens, CSRF tokens and origins. Source: RFC 6265bis (__Host- prefix), RFC 6750, RFC 6454, Fetch Metadata. */
#include "desk/session.h"

#include <sodium.h>
#include <string.h>

#include "net/form.h"

_Static_assert(SESSION_TOKEN_SIZE + 1 ==
                   sodium_base64_ENCODED_LEN(SESSION_TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
               "a token's text fits");

static bool is_token(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_')) {
            return false;
        }
    }
    return text.length > 0 && text.length <= SESSION_CREDENTIAL_MAX;
}

struct session_credential session_credential_of(const struct http_request *request)
{
    static const struct slice scheme = SLICE_INIT("Bearer ");
    struct slice authorization = http_request_header(request, SLICE("Authorization"));
    struct session_credential credential = {SESSION_NONE, {NULL, 0}};
    if (authorization.length > 0) {
        bool bearer = slice_equal_nocase(slice_sub(authorization, 0, scheme.length), scheme);
        credential.token = slice_trim(slice_sub(authorization, scheme.length, authorization.length));
        credential.kind = bearer && is_token(credential.token) ? SESSION_BEARER : SESSION_NONE;
        return credential;
    }
    credential.token = http_request_cookie(request, SLICE("__Host-muster"));
    credential.kind = is_token(credential.token) ? SESSION_COOKIE : SESSION_NONE;
    return credential;
}

struct slice session_token_make(char text[SESSION_TOKEN_SIZE + 1])
{
    uint8_t bytes[SESSION_TOKEN_BYTES];
    randombytes_buf(bytes, sizeof(bytes));
    (void)sodium_bin2base64(text, SESSION_TOKEN_SIZE + 1, bytes, sizeof(bytes),
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING); /* cannot fail: the size is asserted above */
    sodium_memzero(bytes, sizeof(bytes));
    return slice_make(text, SESSION_TOKEN_SIZE);
}

void session_mac(const struct blind_keys *keys, struct slice token, uint8_t mac[BLIND_SIZE])
{
    blind(keys, BLIND_SESSION, token, mac);
}

/* No token holds a colon, so an input made here is never a token's. */
static struct slice made_of(const struct blind_keys *keys, struct slice prefix, struct slice of,
                            char text[SESSION_CSRF_SIZE + 1])
{
    char input[16 + SESSION_CREDENTIAL_MAX];
    uint8_t value[BLIND_SIZE];
    size_t length = of.length <= SESSION_CREDENTIAL_MAX ? of.length : SESSION_CREDENTIAL_MAX;
    memcpy(input, prefix.data, prefix.length);
    memcpy(input + prefix.length, of.data, length);
    blind(keys, BLIND_SESSION, slice_make(input, prefix.length + length), value);
    sodium_memzero(input, sizeof(input));
    return hex_format(value, sizeof(value), text);
}

struct slice session_csrf(const struct blind_keys *keys, struct slice token, char text[SESSION_CSRF_SIZE + 1])
{
    return made_of(keys, SLICE("csrf:"), token, text);
}

struct slice session_device(const struct blind_keys *keys, struct slice user, char text[SESSION_CSRF_SIZE + 1])
{
    return made_of(keys, SLICE("device:"), user, text);
}

bool session_device_matches(const struct blind_keys *keys, struct slice user, const struct http_request *request)
{
    char expected[SESSION_CSRF_SIZE + 1];
    struct slice sent = http_request_cookie(request, SLICE("__Host-muster-device"));
    (void)session_device(keys, user, expected); /* fills `expected` */
    return sent.length == SESSION_CSRF_SIZE && sodium_memcmp(sent.data, expected, SESSION_CSRF_SIZE) == 0;
}

static struct slice csrf_sent(const struct http_request *request, struct arena *arena)
{
    struct slice sent = http_request_header(request, SLICE("X-CSRF-Token"));
    struct form form;
    if (sent.length == 0 && http_request_media_type_is(request, SLICE("application/x-www-form-urlencoded")) &&
        form_parse(arena, request->body, &form) && !form_find(&form, SLICE("csrf"), &sent)) {
        sent = SLICE("");
    }
    return sent;
}

bool session_csrf_matches(const struct blind_keys *keys, struct slice token, const struct http_request *request,
                          struct arena *arena)
{
    char expected[SESSION_CSRF_SIZE + 1];
    (void)session_csrf(keys, token, expected); /* fills `expected` */
    struct slice sent = csrf_sent(request, arena);
    return sent.length == SESSION_CSRF_SIZE && sodium_memcmp(sent.data, expected, SESSION_CSRF_SIZE) == 0;
}

/* Our own Referrer-Policy, no-referrer, makes browsers say "Origin: null" of our own forms (Fetch, "append a request Origin
 * header"); there Sec-Fetch-Site tells, which no page can forge. Programs send neither. */
bool session_is_same_origin(const struct http_request *request)
{
    static const struct slice scheme = SLICE_INIT("https://");
    struct slice origin = http_request_header(request, SLICE("Origin"));
    struct slice site = http_request_header(request, SLICE("Sec-Fetch-Site"));
    struct slice host = http_request_header(request, SLICE("Host"));
    if (site.length > 0 && !slice_equal(site, SLICE("same-origin"))) {
        return false;
    }
    if (origin.length == 0) {
        return true;
    }
    if (slice_equal(origin, SLICE("null"))) {
        return site.length > 0;
    }
    return slice_starts_with(origin, scheme) &&
           slice_equal_nocase(slice_sub(origin, scheme.length, origin.length), host);
}

struct slice session_cookie(struct arena *arena, struct slice token)
{
    return arena_printf(arena, "__Host-muster=%.*s; Path=/; Secure; HttpOnly; SameSite=Strict", SLICE_ARGS(token));
}

struct slice session_cookie_end(void)
{
    return SLICE("__Host-muster=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
}

struct slice session_device_cookie(struct arena *arena, struct slice device)
{
    return arena_printf(arena, "__Host-muster-device=%.*s; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=7776000",
                        SLICE_ARGS(device));
}
