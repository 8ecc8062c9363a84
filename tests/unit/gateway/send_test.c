/* SPDX-License-Identifier: Apache-2.0
 * Handing a text over: the requests that the gateways document, and what their answers mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/send.h"
#include "seal/seal.h"

enum { ARENA_MAX = 1 << 20 };

static const struct gateway_account account = {.base = SLICE_INIT("https://gw.example.org"),
                                               .user = SLICE_INIT("user"),
                                               .password = SLICE_INIT("pass&word"),
                                               .from = SLICE_INIT("2020")};
static const struct gateway_account at_its_own_address = {
    .user = SLICE_INIT("user"), .password = SLICE_INIT("pass&word"), .from = SLICE_INIT("2020")};

#define RECEIPTS         "https://m.example.org/gateway/x/receipts?secret=s&ref=7d3e"
#define RECEIPTS_ESCAPED "https%3A%2F%2Fm.example.org%2Fgateway%2Fx%2Freceipts%3Fsecret%3Ds%26ref%3D7d3e"
#define BASIC            "Authorization: Basic dXNlcjpwYXNzJndvcmQ=\n"

static const struct {
    const char *kind;
    bool own_address;
    const char *text, *url, *headers, *body;
} calls[] = {
    {"kannel", false, "AIDE & co", "https://gw.example.org/cgi-bin/sendsms",
     "X-Kannel-Username: user\nX-Kannel-Password: pass&word\nX-Kannel-From: 2020\nX-Kannel-To: "
     "+250788383383\nX-Kannel-Coding: 0\n"
     "X-Kannel-DLR-Mask: 27\nX-Kannel-DLR-Url: " RECEIPTS "&status=%d&answer=%A&ts=%T\n",
     "AIDE & co"},
    {"kannel", false, "ɗa", "https://gw.example.org/cgi-bin/sendsms",
     "X-Kannel-Username: user\nX-Kannel-Password: pass&word\nX-Kannel-From: 2020\nX-Kannel-To: "
     "+250788383383\nX-Kannel-Coding: 2\n"
     "X-Kannel-DLR-Mask: 27\nX-Kannel-DLR-Url: " RECEIPTS "&status=%d&answer=%A&ts=%T\n",
     "ɗa"},
    {"jasmin", false, "Hello", "https://gw.example.org/send", "",
     "username=user&password=pass%26word&from=2020&to=%2B250788383383&coding=0&content=Hello&dlr-url=" RECEIPTS_ESCAPED
     "&dlr-level=3&dlr-method=POST"},
    {"jasmin", false, "أرنب🆘", "https://gw.example.org/send", "",
     "username=user&password=pass%26word&from=2020&to=%2B250788383383&coding=8&hex-content=0623063106460628D83CDD98&"
     "dlr-url=" RECEIPTS_ESCAPED "&dlr-level=3&dlr-method=POST"},
    {"twilio", true, "Simple Message ☺", "https://api.twilio.com/2010-04-01/Accounts/user/Messages.json",
     BASIC "Accept: application/json\n",
     "To=%2B250788383383&From=2020&Body=Simple%20Message%20%E2%98%BA&StatusCallback=" RECEIPTS_ESCAPED},
    {"vonage", true, "Hello", "https://rest.nexmo.com/sms/json", "Accept: application/json\n",
     "api_key=user&api_secret=pass%26word&from=2020&to=250788383383&text=Hello&type=text&status-report-req=1&"
     "callback=" RECEIPTS_ESCAPED},
    {"vonage", true, "☺", "https://rest.nexmo.com/sms/json", "Accept: application/json\n",
     "api_key=user&api_secret=pass%26word&from=2020&to=250788383383&text=%E2%98%BA&type=unicode&status-report-req=1&"
     "callback=" RECEIPTS_ESCAPED},
    {"infobip", false, "say \"1\"", "https://gw.example.org/sms/3/messages",
     "Authorization: App pass&word\nAccept: application/json\n",
     "{\"messages\":[{\"sender\":\"2020\",\"destinations\":[{\"to\":\"250788383383\",\"messageId\":\"7d3e\"}],"
     "\"content\":{\"text\":\"say \\\"1\\\"\"},"
     "\"webhooks\":{\"delivery\":{\"url\":\"" RECEIPTS
     "\",\"intermediateReport\":true,\"contentType\":\"application/json\"}}}]}"},
    {"africastalking", true, "Hello", "https://api.africastalking.com/version1/messaging",
     "apiKey: pass&word\nAccept: application/json\n", "username=user&to=%2B250788383383&message=Hello&from=2020"},
    {"messagebird", true, "Hello {to}", "https://rest.messagebird.com/messages",
     "Authorization: AccessKey pass&word\nAccept: application/json\n",
     "{\"originator\":\"2020\",\"body\":\"Hello "
     "{to}\",\"recipients\":[\"250788383383\"],\"reference\":\"7d3e\",\"reportUrl\":\"" RECEIPTS
     "\",\"datacoding\":\"auto\"}"},
    {"plivo", true, "Simple Message ☺", "https://api.plivo.com/v1/Account/user/Message/",
     BASIC "Accept: application/json\n",
     "{\"src\":\"2020\",\"dst\":\"250788383383\",\"text\":\"Simple Message ☺\",\"url\":\"" RECEIPTS
     "\",\"method\":\"POST\"}"},
    {"plivo-v2", true, "Simple Message ☺", "https://api.plivo.com/v1/Account/user/Message/",
     BASIC "Accept: application/json\n",
     "{\"src\":\"2020\",\"dst\":\"250788383383\",\"text\":\"Simple Message ☺\",\"url\":\"" RECEIPTS
     "\",\"method\":\"POST\"}"},
    {"clickatell", true, "Hello", "https://platform.clickatell.com/messages",
     "Authorization: pass&word\nAccept: application/json\n",
     "{\"to\":[\"250788383383\"],\"from\":\"2020\",\"content\":\"Hello\",\"clientMessageId\":\"7d3e\"}"},
    {"android", false, "Hello", "https://gw.example.org/messages", BASIC,
     "{\"id\":\"7d3e\",\"textMessage\":{\"text\":\"Hello\"},\"phoneNumbers\":[\"+250788383383\"],"
     "\"withDeliveryReport\":true}"},
    {"generic", false, "a=b", "https://gw.example.org", BASIC,
     "id=7d3e&to=%2B250788383383&from=2020&text=a%3Db&receipts=" RECEIPTS_ESCAPED},
};

static struct gateway_text text_of(const char *text)
{
    return (struct gateway_text){SLICE("+250788383383"), slice_of(text), SLICE("7d3e"), SLICE(RECEIPTS)};
}

static void expect(size_t row, const char *what, struct slice found, const char *wanted)
{
    if (!slice_equal(found, slice_of(wanted))) {
        fail_msg("%zu (%s): %s is\n%.*s\nnot\n%s", row, calls[row].kind, what, SLICE_ARGS(found), wanted);
    }
}

static void test_documented_requests(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        struct arena arena;
        struct gateway_call call;
        struct gateway_text text = text_of(calls[i].text);
        const struct gateway_kind *kind = gateway_kind_find(slice_of(calls[i].kind));
        arena_init(&arena, ARENA_MAX);
        assert_true(
            gateway_send_make(kind, calls[i].own_address ? &at_its_own_address : &account, &text, &arena, &call));
        assert_int_equal(call.method, HTTP_POST);
        expect(i, "url", call.url, calls[i].url);
        expect(i, "headers", call.headers, calls[i].headers);
        expect(i, "body", call.body, calls[i].body);
        arena_release(&arena);
    }
}

static void test_every_kind_that_can_is_tested(void **state)
{
    const struct gateway_kind *kind = NULL;
    (void)state;
    for (size_t i = 0; (kind = gateway_kind_at(i)) != NULL; i++) {
        bool tested = !gateway_send_can(kind);
        for (size_t k = 0; k < sizeof(calls) / sizeof(calls[0]); k++) {
            tested = tested || strcmp(calls[k].kind, kind->name) == 0;
        }
        assert_true(tested);
    }
    assert_false(gateway_send_can(gateway_kind_find(SLICE("smssync"))));
}

/* No value of ours may end a header and begin another. */
static void test_nothing_slips_into_the_headers(void **state)
{
    (void)state;
    for (size_t i = 0; gateway_kind_at(i) != NULL; i++) {
        const struct gateway_kind *kind = gateway_kind_at(i);
        struct arena arena;
        struct gateway_call call;
        struct gateway_text text = text_of("Hello\r\nX-Kannel-To: +1");
        struct gateway_account odd = account;
        arena_init(&arena, ARENA_MAX);
        odd.password = SLICE("a\nX-Other: b");
        odd.from = SLICE("2020\r\nX-Other: b");
        if (gateway_send_make(kind, &odd, &text, &arena, &call)) {
            assert_int_equal(slice_find(call.headers, SLICE("X-Other")), call.headers.length);
        }
        if (gateway_send_can(kind)) {
            assert_true(gateway_send_make(kind, &account, &text, &arena, &call));
            assert_int_equal(slice_find(call.headers, SLICE("+1")), call.headers.length);
        }
        arena_release(&arena);
    }
}

static void test_it_needs_an_address_and_memory(void **state)
{
    (void)state;
    struct gateway_text text = text_of("Hello");
    for (size_t i = 0; gateway_kind_at(i) != NULL; i++) {
        const struct gateway_kind *kind = gateway_kind_at(i);
        for (size_t room = 0; room < 8192; room += 64) {
            struct arena arena;
            struct gateway_call call;
            arena_init(&arena, room);
            bool made = gateway_send_make(kind, &at_its_own_address, &text, &arena, &call);
            assert_true(!made || (kind->send.base != NULL && call.body.length > 0));
            arena_release(&arena);
        }
    }
}

static const struct {
    const char *kind;
    unsigned status;
    const char *body;
    enum gateway_sending sending;
    const char *id;
} answers[] = {
    {"kannel", 202, "0: Accepted for delivery", GATEWAY_TAKEN, ""},
    {"kannel", 202, "3: Queued for later delivery", GATEWAY_TAKEN, ""},
    {"kannel", 202, "Sent. Message splits: 2", GATEWAY_TAKEN, ""},
    {"kannel", 202, "<html>", GATEWAY_NEVER, ""},
    {"kannel", 400, "Missing receiver number, rejected", GATEWAY_NEVER, ""},
    {"kannel", 403, "Authorization failed for sendsms", GATEWAY_CLOSED, ""},
    {"kannel", 403, "Not routable. Do not try again.", GATEWAY_NEVER, ""},
    {"kannel", 404, "Unknown request.", GATEWAY_CLOSED, ""},
    {"kannel", 503, "Temporal failure, try again later.", GATEWAY_AGAIN, ""},
    {"jasmin", 200, "Success \"07033084-5cfd-4812-90a4-e4d24ffb6e3d\"", GATEWAY_TAKEN,
     "07033084-5cfd-4812-90a4-e4d24ffb6e3d"},
    {"jasmin", 403, "Error \"Authentication failure for username:user\"", GATEWAY_CLOSED, ""},
    {"jasmin", 403, "Error \"User throughput exceeded\"", GATEWAY_AGAIN, ""},
    {"jasmin", 412, "Error \"No route found\"", GATEWAY_CLOSED, ""},
    {"jasmin", 412, "Error \"Failover route has no bound connectors\"", GATEWAY_AGAIN, ""},
    {"jasmin", 400, "Error \"Argument _ is unknown.\"", GATEWAY_NEVER, ""},
    {"twilio", 201, "{\"sid\":\"SM1002\",\"status\":\"queued\",\"error_code\":null}", GATEWAY_TAKEN, "SM1002"},
    {"twilio", 429, "{\"code\":20429,\"message\":\"Too Many Requests\"}", GATEWAY_AGAIN, ""},
    {"twilio", 400, "{\"code\":21610}", GATEWAY_NEVER, ""},
    {"twilio", 401, "{\"error\":\"out of credits\"}", GATEWAY_CLOSED, ""},
    {"vonage", 200,
     "{\"message-count\":\"1\",\"messages\":[{\"to\":\"250788383383\",\"message-id\":\"0A00\",\"status\":\"0\"}]}",
     GATEWAY_TAKEN, "0A00"},
    {"vonage", 200,
     "{\"messages\":[{\"status\":\"1\",\"error-text\":\"Throughput Rate Exceeded - please wait [ 250 ] and retry\"}]}",
     GATEWAY_AGAIN, ""},
    {"vonage", 200, "{\"messages\":[{\"status\":\"10\"}]}", GATEWAY_AGAIN, ""},
    {"vonage", 200, "{\"messages\":[{\"status\":\"9\"}]}", GATEWAY_CLOSED, ""},
    {"vonage", 200, "{\"messages\":[{\"status\":\"6\"}]}", GATEWAY_NEVER, ""},
    {"vonage", 200, "no JSON", GATEWAY_NEVER, ""},
    {"infobip", 200,
     "{\"bulkId\":\"b\",\"messages\":[{\"messageId\":\"7d3e\",\"status\":{\"groupId\":1,\"groupName\":\"PENDING\"}}]}",
     GATEWAY_TAKEN, "7d3e"},
    {"infobip", 200, "{\"messages\":[{\"messageId\":\"7d3e\",\"status\":{\"groupId\":5,\"groupName\":\"REJECTED\"}}]}",
     GATEWAY_NEVER, ""},
    {"infobip", 500, "", GATEWAY_AGAIN, ""},
    {"africastalking", 201,
     "{\"SMSMessageData\":{\"Message\":\"Sent to 1/1 Total Cost: KES "
     "0.8000\",\"Recipients\":[{\"statusCode\":101,\"number\":\"+254711XXXYYY\","
     "\"status\":\"Success\",\"cost\":\"KES 0.8000\",\"messageId\":\"ATPid_SampleTxnId123\"}]}}",
     GATEWAY_TAKEN, "ATPid_SampleTxnId123"},
    {"africastalking", 409,
     "{\"SMSMessageData\":{\"Recipients\":[{\"messageId\":\"None\",\"status\":\"DoNotDisturbRejection\",\"statusCode\":"
     "409}]}}",
     GATEWAY_AGAIN, ""},
    {"africastalking", 201, "{\"SMSMessageData\":{\"Message\":\"InvalidSenderId\",\"Recipients\":[]}}", GATEWAY_NEVER,
     ""},
    {"africastalking", 401, "The supplied authentication is invalid", GATEWAY_CLOSED, ""},
    {"messagebird", 201, "{\"id\":\"e8077d803532c0b5937c639b60216938\",\"reference\":null}", GATEWAY_TAKEN,
     "e8077d803532c0b5937c639b60216938"},
    {"messagebird", 422,
     "{\"errors\":[{\"code\":9,\"description\":\"no (correct) recipients found.\",\"parameter\":\"recipient\"}]}",
     GATEWAY_NEVER, ""},
    {"plivo", 202,
     "{\"api_id\":\"db342550-7f1d-11e1-8ea7-1231380bc196\",\"message\":\"message(s) "
     "queued\",\"message_uuid\":[\"db3ce55a-7f1d-11e1-8ea7-1231380bc196\"]}",
     GATEWAY_TAKEN, "db3ce55a-7f1d-11e1-8ea7-1231380bc196"},
    {"clickatell", 202,
     "{\"messages\":[{\"apiMessageId\":\"id1002\",\"accepted\":true,\"to\":\"12067799299\",\"error\":null}],\"error\":"
     "null}",
     GATEWAY_TAKEN, "id1002"},
    {"clickatell", 200,
     "{\"messages\":[],\"error\":\"Two-Way integration error - From number is not related to integration\"}",
     GATEWAY_NEVER, ""},
    {"android", 202, "{\"id\":\"7d3e\",\"state\":\"Pending\"}", GATEWAY_TAKEN, "7d3e"},
    {"android", 409, "{\"message\":\"Message with the same ID already exists\"}", GATEWAY_TAKEN, ""},
    {"android", 503, "", GATEWAY_AGAIN, ""},
    {"generic", 302, "", GATEWAY_CLOSED, ""},
};

static void test_documented_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct arena arena;
        struct slice id;
        arena_init(&arena, ARENA_MAX);
        enum gateway_sending sending = gateway_send_read(gateway_kind_find(slice_of(answers[i].kind)),
                                                         answers[i].status, slice_of(answers[i].body), &arena, &id);
        if (sending != answers[i].sending || !slice_equal(id, slice_of(answers[i].id))) {
            fail_msg("%s %u %s: read as %d, \"%.*s\"", answers[i].kind, answers[i].status, answers[i].body,
                     (int)sending, SLICE_ARGS(id));
        }
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documented_requests),
        cmocka_unit_test(test_every_kind_that_can_is_tested),
        cmocka_unit_test(test_nothing_slips_into_the_headers),
        cmocka_unit_test(test_it_needs_an_address_and_memory),
        cmocka_unit_test(test_documented_answers),
    };
    return cmocka_run_group_tests_name("gateway send", tests, NULL, NULL);
}
