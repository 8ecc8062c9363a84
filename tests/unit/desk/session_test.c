/* SPDX-License-Identifier: Apache-2.0
 * Credentials, CSRF tokens and origins of requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk/session.h"

static struct blind_keys keys;

static struct http_request request_of(const char *const fields[])
{
    struct http_request request = {.method = HTTP_POST};
    for (; fields[0] != NULL; fields += 2) {
        request.headers[request.header_count++] = (struct http_header){slice_of(fields[0]), slice_of(fields[1])};
    }
    return request;
}
#define REQUEST(...) request_of((const char *const[]){__VA_ARGS__, NULL})

static void credentials(void **state)
{
    static const struct {
        const char *fields[5];
        enum session_kind kind;
        const char *token;
    } cases[] = {
        {{NULL}, SESSION_NONE, ""},
        {{"Cookie", "__Host-muster=abc", NULL}, SESSION_COOKIE, "abc"},
        {{"Cookie", "other=1; __Host-muster=a-b_c; more=2", NULL}, SESSION_COOKIE, "a-b_c"},
        {{"Cookie", "muster=abc", NULL}, SESSION_NONE, ""},
        {{"Cookie", "__Host-muster=", NULL}, SESSION_NONE, ""},
        {{"Cookie", "__Host-muster=csrf:abc", NULL}, SESSION_NONE, ""}, /* the input of a CSRF token is no token */
        {{"Authorization", "Bearer 00ff", NULL}, SESSION_BEARER, "00ff"},
        {{"authorization", "bearer 00ff", NULL}, SESSION_BEARER, "00ff"},
        {{"Authorization", "Basic 00ff", NULL}, SESSION_NONE, ""},
        {{"Authorization", "Bearer ", NULL}, SESSION_NONE, ""},
        {{"Authorization", "Bearer a b", NULL}, SESSION_NONE, ""},
        {{"Cookie", "__Host-muster=abc", "Authorization", "Bearer 00ff", NULL}, SESSION_BEARER, "00ff"},
        {{"Cookie", "__Host-muster=abc", "Authorization", "Basic x", NULL}, SESSION_NONE, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct http_request request = request_of(cases[i].fields);
        struct session_credential credential = session_credential_of(&request);
        assert_int_equal(credential.kind, cases[i].kind);
        if (credential.kind != SESSION_NONE) {
            assert_true(slice_equal(credential.token, slice_of(cases[i].token)));
        }
    }
}

static void a_long_credential_is_none(void **state)
{
    char text[16 + SESSION_CREDENTIAL_MAX + 2] = "__Host-muster=";
    (void)state;
    memset(text + 14, 'a', SESSION_CREDENTIAL_MAX);
    struct http_request request = REQUEST("Cookie", text);
    assert_int_equal(session_credential_of(&request).kind, SESSION_COOKIE);
    text[14 + SESSION_CREDENTIAL_MAX] = 'a';
    request = REQUEST("Cookie", text);
    assert_int_equal(session_credential_of(&request).kind, SESSION_NONE);
}

static void tokens_and_cookies(void **state)
{
    char first[SESSION_TOKEN_SIZE + 1];
    char second[SESSION_TOKEN_SIZE + 1];
    struct arena arena;
    (void)state;
    arena_init(&arena, 4096);
    assert_int_equal(session_token_make(first).length, SESSION_TOKEN_SIZE);
    assert_string_not_equal(first, session_token_make(second).data);
    struct slice cookie = session_cookie(&arena, slice_of(first));
    /* what a browser would send back is what we read */
    struct slice pair = slice_sub(cookie, 0, slice_index(cookie, ';'));
    char sent[128] = "";
    memcpy(sent, pair.data, pair.length);
    struct http_request request = REQUEST("Cookie", sent);
    assert_true(slice_equal(session_credential_of(&request).token, slice_of(first)));
    static const char *const attributes[] = {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(slice_find(cookie, slice_of(attributes[i])) < cookie.length);
        assert_true(slice_find(session_cookie_end(), slice_of(attributes[i])) < session_cookie_end().length);
    }
    assert_true(slice_find(cookie, SLICE("Domain")) == cookie.length); /* what __Host- forbids */
    arena_release(&arena);
}

static bool csrf_of_a_matches(struct http_request request)
{
    struct arena arena;
    arena_init(&arena, 4096);
    bool matches = session_csrf_matches(&keys, SLICE("token-a"), &request, &arena);
    arena_release(&arena);
    return matches;
}

static void csrf(void **state)
{
    char right[SESSION_CSRF_SIZE + 1];
    char wrong[SESSION_CSRF_SIZE + 1];
    char body[8 + SESSION_CSRF_SIZE];
    uint8_t mac[BLIND_SIZE];
    char mac_text[2 * BLIND_SIZE + 1];
    (void)state;
    session_csrf(&keys, SLICE("token-a"), right);
    session_csrf(&keys, SLICE("token-b"), wrong);
    assert_string_not_equal(right, wrong);
    session_mac(&keys, SLICE("token-a"), mac);
    assert_string_not_equal(
        right, hex_format(mac, sizeof(mac), mac_text).data); /* what the database has tells nothing of it */
    assert_true(csrf_of_a_matches(REQUEST("X-CSRF-Token", right)));
    assert_false(csrf_of_a_matches(REQUEST("X-CSRF-Token", wrong)));
    assert_false(csrf_of_a_matches(REQUEST("X-CSRF-Token", "")));
    assert_false(csrf_of_a_matches(REQUEST("Cookie", right)));
    int length = snprintf(body, sizeof(body), "csrf=%s", right);
    struct http_request form = REQUEST("Content-Type", "application/x-www-form-urlencoded");
    form.body = slice_make(body, (size_t)length);
    assert_true(csrf_of_a_matches(form));
    form.body.length--;
    assert_false(csrf_of_a_matches(form));
    form.body = SLICE("csrf=%");
    assert_false(csrf_of_a_matches(form));
    struct http_request other = REQUEST("Content-Type", "text/plain"); /* what a foreign form may send */
    other.body = slice_make(body, (size_t)length);
    assert_false(csrf_of_a_matches(other));
}

static void origins(void **state)
{
    (void)state;
#define SAME(...)                                                                                                      \
    assert_true(session_is_same_origin(&(struct http_request[]){REQUEST("Host", "desk:9443", __VA_ARGS__)}[0]))
#define OTHER(...)                                                                                                     \
    assert_false(session_is_same_origin(&(struct http_request[]){REQUEST("Host", "desk:9443", __VA_ARGS__)}[0]))
    SAME("Accept", "*/*"); /* a program */
    SAME("Origin", "https://desk:9443");
    SAME("Origin", "https://DESK:9443", "Sec-Fetch-Site", "same-origin");
    SAME("Origin", "null", "Sec-Fetch-Site", "same-origin"); /* our own form, under our own Referrer-Policy */
    OTHER("Origin", "null");
    OTHER("Origin", "null", "Sec-Fetch-Site", "cross-site");
    OTHER("Origin", "http://desk:9443");
    OTHER("Origin", "https://desk:9444");
    OTHER("Origin", "https://desk:9443.example");
    OTHER("Origin", "https://example");
    OTHER("Sec-Fetch-Site", "same-site");
    OTHER("Origin", "https://desk:9443", "Sec-Fetch-Site", "cross-site");
}

static int set_up(void **state)
{
    static const uint8_t index_key[SEAL_KEY_SIZE] = {7};
    struct error error;
    (void)state;
    blind_keys_derive(index_key, &keys);
    return seal_start(&error) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credentials),
        cmocka_unit_test(a_long_credential_is_none),
        cmocka_unit_test(tokens_and_cookies),
        cmocka_unit_test(csrf),
        cmocka_unit_test(origins),
    };
    return cmocka_run_group_tests_name("desk/session", tests, set_up, NULL);
}
