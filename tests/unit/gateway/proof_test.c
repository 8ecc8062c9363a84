/* SPDX-License-Identifier: Apache-2.0
 * Signatures against the vectors that the gateways' own libraries are tested with, and each of them broken in every place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/clock.h"
#include "gateway/kind.h"
#include "gateway/proof.h"

enum { ARENA_MAX = 1 << 20 };

struct row {
    const char *name;
    enum gateway_proof proof;
    const char *key;
    enum http_method method;
    const char *url; /* as the gateway called it */
    const char *type;
    const char *body;
    struct http_header headers[3];
    int64_t at_s; /* now */
};

#define FORM        "application/x-www-form-urlencoded"
#define TWILIO_URL  "https://mycompany.com/myapp.php?foo=1&bar=2"
#define TWILIO_BODY "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
#define TWILIO(name, url, body, signature)                                                                             \
    {                                                                                                                  \
        name, GATEWAY_PROOF_TWILIO, "12345", HTTP_POST, url, FORM, body,                                               \
            {{SLICE_INIT("X-Twilio-Signature"), SLICE_INIT(signature)}}, 0                                             \
    }
#define PLIVO_KEY "Y2Q2ZDgxZmY5YWRiOTI5YmQ1Njg0MTAxZWIyOTc4"
#define PLIVO_URL "https://plivobin.non-prod.plivops.com/api/v1/validate_signature03.xml"
#define PLIVO_FIELDS                                                                                                   \
    "Direction=outbound&From=19792014278&ALegUUID=3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36"                                \
    "&CallUUID=3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36&RequestUUID=3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36"                  \
    "&ALegRequestUUID=3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36&CallStatus=in-progress&BillRate=0.002"                      \
    "&ParentAuthID=MANWVLYTK4ZWU1YTY4QA"                                                                               \
    "&To=sip%3APlivoSignature382029104058171078704104%40phone-qa.voice.plivodev.com"                                   \
    "&SIP-H-To=%3Csip%3APlivoSignature382029104058171078704104%4052.9.11.55%3Btransport%3Dudp%3E%3Btag%3D1"            \
    "&SessionStart=2020-04-08+11%3A34%3A33.238707&Event=StartApp"
#define PLIVO(name, url, signature)                                                                                    \
    {                                                                                                                  \
        name, GATEWAY_PROOF_PLIVO, PLIVO_KEY, HTTP_POST, url, FORM, PLIVO_FIELDS,                                      \
            {{SLICE_INIT("X-Plivo-Signature-V3"), SLICE_INIT(signature)},                                              \
             {SLICE_INIT("X-Plivo-Signature-V3-Nonce"), SLICE_INIT("31627761595286130198")}},                          \
            0                                                                                                          \
    }
#define BIRD_KEY  "36efdd1aace2e26cd490f0d951138253bef2f7c6d34d18981da781555cc4cebb"
#define BIRD_HEAD "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
#define BIRD_WITH_BODY                                                                                                 \
    BIRD_HEAD                                                                                                          \
    "eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI5M2U1NTAwNi1hMGU4LTQ1MjYtYTE5" \
    "MC1mYTVmZjAwZWExMTYiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdlZDc0YjI0MDA0YmFlNzUz" \
    "ZWNlNmMyNjAiLCJwYXlsb2FkX2hhc2giOiJkZmZkNjAyMWJiMmJkNWIwYWY2NzYyOTA4MDllYzNhNTMxOTFkZDgxYzdmNzBhNGIyODY4OGEzNjIx" \
    "ODI5ODZmIn0._H--TOuYFLpeEH39-rg5E3IHVkjHozBcaKVWPRC5m9I"
#define BIRD_WITHOUT_BODY                                                                                              \
    BIRD_HEAD                                                                                                          \
    "eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiJjOTQ2YWY3Ny1lMTgyLTRlYWEtYjJm" \
    "Zi0xYTU0NWI1ZTk5MWEiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdlZDc0YjI0MDA0YmFlNzUz" \
    "ZWNlNmMyNjAifQ.huo2ou6JDoDc7sV25d75UMWeYhBeavQlLsqIibSZuac"
#define BIRD(name, body, token)                                                                                        \
    {                                                                                                                  \
        name, GATEWAY_PROOF_MESSAGEBIRD, BIRD_KEY, HTTP_POST, "https://example.com/path?bar=1&foo=2", "text/plain",    \
            body, {{SLICE_INIT("MessageBird-Signature-JWT"), SLICE_INIT(token)}}, 1625479200                           \
    }
#define VONAGE(name, key, query, at)                                                                                   \
    {                                                                                                                  \
        name, GATEWAY_PROOF_VONAGE, key, HTTP_GET, "https://example.com/hook?" query, "", "",                          \
            {{{NULL, 0}, {NULL, 0}}}, at                                                                               \
    }
#define ANDROID_BODY                                                                                                   \
    "{\"event\":\"sms:received\",\"id\":\"Ey6ECgOkVVFjz3CL48B8C\",\"payload\":{\"message\":\"Hello\",\"messageId\":"   \
    "\"abc123\",\"phoneNumber\":\"6505551212\",\"receivedAt\":\"2024-06-22T15:46:11.000+07:00\",\"simNumber\":1},"     \
    "\"deviceId\":\"ffffffffceb0b1db0000018e937c815b\",\"webhookId\":\"w1\"}"

/* Twilio: twilio-node and twilio-python, tests of their validators. Plivo: plivo-go and plivo-node. MessageBird: go-rest-api,
 * signature_jwt/testdata/reference.json. Vonage: vonage-python-sdk. The Android app's libraries have none: made by Python's hmac. */
static const struct row rows[] = {
    TWILIO("twilio", TWILIO_URL, TWILIO_BODY, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    TWILIO("twilio, signed with the usual port", TWILIO_URL, TWILIO_BODY, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    TWILIO("twilio, called with the usual port", "https://mycompany.com:443/myapp.php?foo=1&bar=2", TWILIO_BODY,
           "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    TWILIO("twilio, http on another port", "http://mycompany.com:1234/myapp.php?foo=1&bar=2", TWILIO_BODY,
           "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    TWILIO("twilio, values that come twice", TWILIO_URL,
           "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234", "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    TWILIO("twilio, values in any order", TWILIO_URL,
           "MessagingBinding.Address=%2B1415xxxxxxx&MessagingBinding.Address=%2B1325xxxxxxx",
           "83O6e2vORAoJHUNzJjDWN1jz+BA="),
    PLIVO("plivo, with a query", PLIVO_URL "/?a=b&c=d", "k7Pusd4OxCIjR5IfA9iedDNu/h/gbdYqdzG/MiYtd1c="),
    PLIVO("plivo, without", PLIVO_URL, "iAjE5QqI37mbkYe4w3jTMudqEzbDufdqi7sYwTu64e0="),
    PLIVO("plivo, one of several", PLIVO_URL, "AAAA,iAjE5QqI37mbkYe4w3jTMudqEzbDufdqi7sYwTu64e0="),
    {"plivo, version 2",
     GATEWAY_PROOF_PLIVO_V2,
     "my_auth_token",
     HTTP_POST,
     "https://answer.url",
     FORM,
     "From=1&To=2",
     {{SLICE_INIT("X-Plivo-Signature-V2"), SLICE_INIT("ehV3IKhLysWBxC1sy8INm0qGoQYdYsHwuoKjsX7FsXc=")},
      {SLICE_INIT("X-Plivo-Signature-V2-Nonce"), SLICE_INIT("12345")}},
     0},
    BIRD("messagebird", "Hello, World!", BIRD_WITH_BODY),
    BIRD("messagebird, without content", "", BIRD_WITHOUT_BODY),
    VONAGE("vonage, SHA-256", "secret",
           "a=1&b=2&timestamp=1461605396&sig=a321e824b9b816be7c3f28859a31749a098713d39f613c80d455bbaffae1cd24",
           1461605400),
    VONAGE("vonage, capitals", "secret",
           "b=2&sig=A321E824B9B816BE7C3F28859A31749A098713D39F613C80D455BBAFFAE1CD24&a=1&timestamp=1461605396",
           1461605400),
    VONAGE("vonage, SHA-512", "secret",
           "a=1&b=2&timestamp=1461605396&sig=812a18f76680fa0fe1b8bd9ee1625466ceb1bd96"
           "242e4d050d2cfd9a7b40166c63ed26ec9702168781b6edcf1633db8ff95af9341701004eec3fcf9550572ee8",
           1461605400),
    VONAGE("vonage, repeated after a day", "secret",
           "a=1&b=2&timestamp=1461605396&sig=a321e824b9b816be7c3f28859a31749a098713d39f613c80d455bbaffae1cd24",
           1461605396 + 86400),
    {"android",
     GATEWAY_PROOF_ANDROID,
     "muster-test-key",
     HTTP_POST,
     "https://example.com/hook",
     "application/json",
     ANDROID_BODY,
     {{SLICE_INIT("X-Signature"), SLICE_INIT("3a92bfe70b07d81b0cd324ccc5aea47fe3d8c152715be08464d67b7b772092ee")},
      {SLICE_INIT("X-Timestamp"), SLICE_INIT("1719045971")}},
     1719045971},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* The request of a row. */
struct call {
    struct arena arena;
    struct http_request request;
    struct slice url, key;
    int64_t now_s;
};

static void call_init(struct call *call, const struct row *row)
{
    struct slice url = slice_of(row->url);
    size_t host = slice_find(url, SLICE("://")) + 3;
    size_t path = host + slice_index(slice_sub(url, host, url.length), '/');
    size_t query = slice_index(url, '?');
    arena_init(&call->arena, ARENA_MAX);
    call->url = arena_dup(&call->arena, url);
    call->key = slice_of(row->key);
    call->now_s = row->at_s;
    call->request = (struct http_request){
        .method = row->method,
        .target = slice_sub(call->url, path, url.length),
        .query = slice_sub(call->url, query + 1, url.length),
        .body = arena_dup(&call->arena, slice_of(row->body)),
    };
    call->request.headers[call->request.header_count++] =
        (struct http_header){SLICE("Content-Type"), slice_of(row->type)};
    for (size_t i = 0; i < 3 && row->headers[i].name.length > 0; i++) {
        call->request.headers[call->request.header_count++] =
            (struct http_header){row->headers[i].name, arena_dup(&call->arena, row->headers[i].value)};
    }
}

static bool holds(struct call *call, enum gateway_proof proof)
{
    static const uint8_t no_check[BLIND_SIZE];
    struct blind_keys keys = {.subkey = {{0}}};
    struct gateway_fields fields;
    if (!gateway_fields_read(&fields, &call->request, GATEWAY_IN_QUERY | GATEWAY_IN_FORM | GATEWAY_IN_JSON,
                             &call->arena)) {
        return false;
    }
    struct gateway_evidence evidence = {
        .request = &call->request,
        .fields = &fields,
        .url = call->url,
        .key = call->key,
        .keys = &keys,
        .secret_check = no_check,
        .now_us = call->now_s * MICROSECONDS_A_SECOND,
    };
    return gateway_proof_holds(proof, &evidence, &call->arena);
}

static bool row_holds(const struct row *row)
{
    struct call call;
    call_init(&call, row);
    bool result = holds(&call, row->proof);
    arena_release(&call.arena);
    return result;
}

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        if (!row_holds(&rows[i])) {
            fail_msg("%s is not believed", rows[i].name);
        }
    }
}

/* Another character of the same class, so that it stays what it is. */
static char other(char c)
{
    return c == '9' ? '8' : c == 'z' ? 'y' : c == 'Z' ? 'Y' : (char)(c + 1);
}

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether a proof covers the content; Plivo's version 2 says openly that it does not. */
static bool covers_content(const struct row *row)
{
    return !slice_equal(row->headers[0].name, SLICE("X-Plivo-Signature-V2"));
}

static void break_each(const struct row *row, bool content)
{
    size_t length = strlen(content ? row->body : row->key);
    for (size_t at = 0; at < length; at++) {
        struct call call;
        call_init(&call, row);
        struct slice whole = content ? call.request.body : arena_dup(&call.arena, call.key);
        char *place = (char *)(uintptr_t)(whole.data + at); /* the arena's, so ours to write */
        bool breaks = is_letter_or_digit(*place) && (at < 2 || whole.data[at - 1] != '%') &&
                      (at < 3 || whole.data[at - 2] != '%');
        *place = breaks ? other(*place) : *place;
        call.key = content ? call.key : whole;
        if (breaks && holds(&call, row->proof)) {
            fail_msg("%s is believed with another %s at %zu", row->name, content ? "content" : "key", at);
        }
        arena_release(&call.arena);
    }
}

static void test_nothing_may_be_changed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        break_each(&rows[i], false);
        if (covers_content(&rows[i])) {
            break_each(&rows[i], true);
        }
    }
}

/* Every letter and digit of the address, where it is signed, of each signature, nonce and time, and of Vonage's fields. */
static void break_text(const struct row *row, const char *what, size_t header)
{
    size_t length = header > 0 ? row->headers[header - 1].value.length : strlen(row->url);
    size_t from = header > 0 ? 0 : row->proof == GATEWAY_PROOF_VONAGE ? strlen("https://example.com/hook?") : 0;
    for (size_t at = from; at < length; at++) {
        struct call call;
        call_init(&call, row);
        struct slice whole = header > 0 ? call.request.headers[header].value : call.url;
        char *place = (char *)(uintptr_t)(whole.data + at);
        bool breaks = is_letter_or_digit(*place);
        *place = breaks ? other(*place) : *place;
        if (breaks && holds(&call, row->proof)) {
            fail_msg("%s is believed with another %s at %zu", row->name, what, at);
        }
        arena_release(&call.arena);
    }
}

static void test_no_address_signature_or_nonce_may_be_changed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        bool several = slice_index(rows[i].headers[0].value, ',') < rows[i].headers[0].value.length;
        for (size_t h = 0; h < 3 && rows[i].headers[h].name.length > 0; h++) {
            if (!several || h > 0) { /* of several signatures one is enough */
                break_text(&rows[i], "header", h + 1);
            }
        }
        if (rows[i].proof != GATEWAY_PROOF_ANDROID) { /* which does not sign it */
            break_text(&rows[i], "address", 0);
        }
    }
}

/* Run together, a name that holds the next field's would leave that out: the same octets to sign, another message. */
static void test_vonages_names_hide_nothing(void **state)
{
    struct row row =
        VONAGE("vonage, a hidden field", "secret",
               "a%3D1%26b=2&timestamp=1461605396&sig=a321e824b9b816be7c3f28859a31749a098713d39f613c80d455bbaffae1cd24",
               1461605400);
    (void)state;
    assert_false(row_holds(&row));
}

static void test_no_signature_no_key_no_belief(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct row row = rows[i];
        row.key = "";
        assert_false(row_holds(&row));
        row = rows[i];
        if (row.headers[0].name.length > 0) {
            memset(row.headers, 0, sizeof(row.headers));
            assert_false(row_holds(&row));
        }
    }
}

/* Where a time is signed an old request is not believed, nor one from the future. */
static void test_windows(void **state)
{
    static const int64_t apart[][2] = {{GATEWAY_PROOF_ANDROID, 300}, {GATEWAY_PROOF_VONAGE, 25 * 3600}};
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t k = 0; k < 2; k++) {
            struct row row = rows[i];
            int64_t signed_s = row.proof == GATEWAY_PROOF_ANDROID ? 1719045971 : 1461605396;
            if ((int64_t)row.proof != apart[k][0]) {
                continue;
            }
            row.at_s = signed_s + apart[k][1];
            assert_true(row_holds(&row));
            row.at_s = signed_s - apart[k][1];
            assert_true(row_holds(&row));
            row.at_s = signed_s + apart[k][1] + 1;
            assert_false(row_holds(&row));
            row.at_s = signed_s - apart[k][1] - 1;
            assert_false(row_holds(&row));
        }
        if (rows[i].proof == GATEWAY_PROOF_MESSAGEBIRD) {
            struct row row = rows[i];
            row.at_s = 1625479260 + 1;
            assert_true(row_holds(&row));
            row.at_s = 1625479260 + 2;
            assert_false(row_holds(&row));
            row.at_s = 1625479200 - 2;
            assert_false(row_holds(&row));
        }
    }
}

/* A token that says of itself that it is not signed, or by whom it likes. */
static void test_a_token_does_not_choose(void **state)
{
    struct row row = BIRD("none", "",
                          "eyJhbGciOiJub25lIn0."
                          "eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiJjOTQ2YWY3"
                          "Ny1lMTgyLTRlYWEtYjJm"
                          "Zi0xYTU0NWI1ZTk5MWEiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdl"
                          "ZDc0YjI0MDA0YmFlNzUz"
                          "ZWNlNmMyNjAifQ.");
    static const char *const odd[] = {
        "", ".", "..", "...", "a.b.c", BIRD_HEAD, BIRD_HEAD "e30.", BIRD_WITHOUT_BODY "."};
    (void)state;
    assert_false(row_holds(&row));
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        row.headers[0].value = slice_of(odd[i]);
        assert_false(row_holds(&row));
    }
}

/* What is shown in clear: in the URL, as a password, or in a field. */
static void test_shown_secrets(void **state)
{
    struct blind_keys keys;
    uint8_t index_key[SEAL_KEY_SIZE], check[BLIND_SIZE];
    static const struct {
        enum gateway_proof proof;
        struct slice query, authorization;
        bool believed;
    } shown[] = {
        {GATEWAY_PROOF_SECRET, SLICE_INIT("secret=k7m2"), SLICE_INIT(""), true},
        {GATEWAY_PROOF_SECRET, SLICE_INIT("secret=k7m3"), SLICE_INIT(""), false},
        {GATEWAY_PROOF_SECRET, SLICE_INIT("secret="), SLICE_INIT(""), false},
        {GATEWAY_PROOF_SECRET, SLICE_INIT(""), SLICE_INIT("Basic bXVzdGVyOms3bTI="), true}, /* muster:k7m2 */
        {GATEWAY_PROOF_SECRET, SLICE_INIT(""), SLICE_INIT("basic  bXVzdGVyOms3bTI="), true},
        {GATEWAY_PROOF_SECRET, SLICE_INIT(""), SLICE_INIT("Basic bXVzdGVyOms3bTM="), false}, /* muster:k7m3 */
        {GATEWAY_PROOF_SECRET, SLICE_INIT(""), SLICE_INIT("Basic azdtMg=="), false},         /* k7m2, and no user */
        {GATEWAY_PROOF_SECRET, SLICE_INIT(""), SLICE_INIT("Basic !"), false},
        {GATEWAY_PROOF_SECRET, SLICE_INIT(""), SLICE_INIT("Bearer k7m2"), false},
        {GATEWAY_PROOF_FIELD, SLICE_INIT("secret=k7m2"), SLICE_INIT(""), true},
        {GATEWAY_PROOF_FIELD, SLICE_INIT("secret=k7m"), SLICE_INIT(""), false},
        {GATEWAY_PROOF_FIELD, SLICE_INIT(""), SLICE_INIT(""), false},
    };
    (void)state;
    memset(index_key, 7, sizeof(index_key));
    blind_keys_derive(index_key, &keys);
    blind(&keys, BLIND_SESSION, SLICE("k7m2"), check);
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        struct arena arena;
        struct gateway_fields fields;
        struct http_request request = {.query = shown[i].query, .header_count = 1};
        request.headers[0] = (struct http_header){SLICE("Authorization"), shown[i].authorization};
        arena_init(&arena, ARENA_MAX);
        assert_true(gateway_fields_read(&fields, &request, GATEWAY_IN_QUERY, &arena));
        struct gateway_evidence evidence = {
            .request = &request, .fields = &fields, .keys = &keys, .secret_check = check};
        if (gateway_proof_holds(shown[i].proof, &evidence, &arena) != shown[i].believed) {
            fail_msg("row %zu", i);
        }
        arena_release(&arena);
    }
}

static int set_up(void **state)
{
    struct error error;
    (void)state;
    return seal_start(&error) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_nothing_may_be_changed),
        cmocka_unit_test(test_no_address_signature_or_nonce_may_be_changed),
        cmocka_unit_test(test_vonages_names_hide_nothing),
        cmocka_unit_test(test_no_signature_no_key_no_belief),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_a_token_does_not_choose),
        cmocka_unit_test(test_shown_secrets),
    };
    return cmocka_run_group_tests_name("gateway proof", tests, set_up, NULL);
}
