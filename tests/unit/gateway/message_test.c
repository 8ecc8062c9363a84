/* SPDX-License-Identifier: Apache-2.0
 * The requests that the gateways document, or were seen to send, and what each must be read as. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/clock.h"
#include "gateway/message.h"

enum { ARENA_MAX = 1 << 20 };

#define FORM "application/x-www-form-urlencoded; charset=UTF-8"
#define JSON "application/json"

struct row {
    const char *name, *kind, *query, *type;
    struct slice body;
    enum gateway_reading reading;
    size_t count;
    const char *from, *to, *id, *text, *at; /* of the first message; `at` in RFC 3339, "" when it tells none */
    struct gateway_part part;
};

static const struct row rows[] = {
    {"kannel",
     "kannel",
     "from=%2B22790123456&to=8888&id=9ec1f5c2-3e1c-4c2b-8f6e-0d7c3c5a1b22&ts=1795487363&coding=0&charset=UTF-8&smsc="
     "FAKE&udh=&text=b%C3%A9b%C3%A9+malade",
     "text/plain; charset=\"UTF-8\"",
     SLICE_INIT("b\xc3\xa9\x62\xc3\xa9 malade"),
     GATEWAY_READ,
     1,
     "+22790123456",
     "8888",
     "9ec1f5c2-3e1c-4c2b-8f6e-0d7c3c5a1b22",
     "b\xc3\xa9\x62\xc3\xa9 malade",
     "2026-11-24T02:29:23.000Z",
     {.total = 0}},
    {"kannel, UCS-2",
     "kannel",
     "from=%2B22790123456&id=1&coding=2&charset=UTF-16BE&text=%02W%00A",
     "text/plain",
     SLICE_INIT("\x02W\0A"),
     GATEWAY_READ,
     1,
     "+22790123456",
     "",
     "1",
     "\xc9\x97\x41",
     "",
     {.total = 0}},
    {"kannel, an empty text",
     "kannel",
     "from=%2B22790123456&id=1&text=",
     "",
     SLICE_INIT(""),
     GATEWAY_READ,
     1,
     "+22790123456",
     "",
     "1",
     "",
     "",
     {.total = 0}},
    {"kannel, a line break, & + and %",
     "kannel",
     "from=8888&id=1&text=a%26b%2Bc%25d%0Ae",
     "",
     SLICE_INIT(""),
     GATEWAY_READ,
     1,
     "8888",
     "",
     "1",
     "a&b+c%d\ne",
     "",
     {.total = 0}},
    {"kannel, nobody",
     "kannel",
     "id=1&text=HELP",
     "",
     SLICE_INIT(""),
     GATEWAY_MALFORMED,
     0,
     "",
     "",
     "",
     "",
     "",
     {.total = 0}},
    {"jasmin, posted",
     "jasmin",
     "secret=s",
     "application/x-www-form-urlencoded",
     SLICE_INIT("id=16fd2706-8baf-433b-82eb-8c7fada847da&from=%2B21620203060&to=20203060&origin-connector=MTN&priority="
                "1&coding=0"
                "&content=Hello+world+%21&binary=48656c6c6f20776f726c642021"),
     GATEWAY_READ,
     1,
     "+21620203060",
     "20203060",
     "16fd2706-8baf-433b-82eb-8c7fada847da",
     "Hello world !",
     "",
     {.total = 0}},
    {"jasmin, UCS-2",
     "jasmin",
     "id=1&from=%2B21620203060&to=20203060&coding=8&content=%06%23%061%06F%06%28&binary=0623063106460628",
     "",
     SLICE_INIT(""),
     GATEWAY_READ,
     1,
     "+21620203060",
     "20203060",
     "1",
     "\xd8\xa3\xd8\xb1\xd9\x86\xd8\xa8",
     "",
     {.total = 0}},
    {"twilio",
     "twilio",
     "",
     "application/x-www-form-urlencoded",
     SLICE_INIT(
         "ToCountry=US&ToState=District+Of+Columbia&SmsMessageSid=SMe287d7109a5a925f182f0e07fe5b223b&NumMedia=0&ToCity="
         "&FromZip=01022"
         "&SmsSid=SMe287d7109a5a925f182f0e07fe5b223b&FromState=MA&SmsStatus=received&FromCity=CHICOPEE&Body=Msg&"
         "FromCountry=US"
         "&To=%2B12028831111&ToZip=&NumSegments=1&MessageSid=SMe287d7109a5a925f182f0e07fe5b223b&AccountSid=acctid"
         "&From=%2B14133881111&ApiVersion=2010-04-01"),
     GATEWAY_READ,
     1,
     "+14133881111",
     "+12028831111",
     "SMe287d7109a5a925f182f0e07fe5b223b",
     "Msg",
     "",
     {.total = 0}},
    {"vonage, a form",
     "vonage",
     "",
     FORM,
     SLICE_INIT("keyword=HELLO!&message-timestamp=2016-08-14 "
                "10:13:54&messageId=030000000926C4C2&msisdn=2349067554729&text=Hello!&to=2020"
                "&type=text"),
     GATEWAY_READ,
     1,
     "2349067554729",
     "2020",
     "030000000926C4C2",
     "Hello!",
     "2016-08-14T10:13:54.000Z",
     {.total = 0}},
    {"vonage, a query",
     "vonage",
     "to=2020&msisdn=2349067554729&text=Join&messageId=external1",
     "",
     SLICE_INIT(""),
     GATEWAY_READ,
     1,
     "2349067554729",
     "2020",
     "external1",
     "Join",
     "",
     {.total = 0}},
    {"vonage, JSON",
     "vonage",
     "",
     JSON,
     SLICE_INIT(
         "{\"msisdn\":\"2349067554729\",\"to\":\"2020\",\"messageId\":\"0A\",\"text\":\"AIDE\",\"type\":\"unicode\","
         "\"message-timestamp\":\"2020-01-01 12:00:00\",\"timestamp\":1577880000,\"nonce\":\"n\",\"sig\":\"s\"}"),
     GATEWAY_READ,
     1,
     "2349067554729",
     "2020",
     "0A",
     "AIDE",
     "2020-01-01T12:00:00.000Z",
     {.total = 0}},
    {"vonage, a piece",
     "vonage",
     "msisdn=2349067554729&to=2020&messageId=0B&text=we+are+not&concat=true&concat-ref=108&concat-total=2&concat-part="
     "1",
     "",
     SLICE_INIT(""),
     GATEWAY_READ,
     1,
     "2349067554729",
     "2020",
     "0B",
     "we are not",
     "",
     {SLICE_INIT("108"), 1, 2}},
    {"vonage, an odd piece is whole",
     "vonage",
     "msisdn=2349067554729&to=2020&messageId=0B&text=x&concat-ref=108&concat-total=2&concat-part=3",
     "",
     SLICE_INIT(""),
     GATEWAY_READ,
     1,
     "2349067554729",
     "2020",
     "0B",
     "x",
     "",
     {.total = 0}},
    {"vonage, a look whether we are there",
     "vonage",
     "",
     "",
     SLICE_INIT(""),
     GATEWAY_NOTHING,
     0,
     "",
     "",
     "",
     "",
     "",
     {.total = 0}},
    {"infobip",
     "infobip",
     "secret=s",
     JSON,
     SLICE_INIT(
         "{\"results\":[{\"messageId\":\"0191e180-7d60-7000-aded-7d8b151cbd5b\",\"from\":\"385916242493\",\"to\":"
         "\"385921004026\","
         "\"text\":\"QUIZ Correct answer is Paris\",\"cleanText\":\"Correct answer is Paris\",\"keyword\":\"QUIZ\","
         "\"receivedAt\":\"2016-10-06T09:28:39.220+0000\",\"smsCount\":1,\"price\":{\"pricePerMessage\":0,\"currency\":"
         "\"EUR\"},"
         "\"callbackData\":\"callbackData\"}],\"messageCount\":1,\"pendingMessageCount\":0}"),
     GATEWAY_READ,
     1,
     "385916242493",
     "385921004026",
     "0191e180-7d60-7000-aded-7d8b151cbd5b",
     "QUIZ Correct answer is Paris",
     "2016-10-06T09:28:39.220Z",
     {.total = 0}},
    {"infobip, three, of which one says not from whom",
     "infobip",
     "",
     JSON,
     SLICE_INIT(
         "{\"results\":[{\"from\":\"1\",\"messageId\":\"a\",\"text\":\"x\"},{\"messageId\":\"b\",\"text\":\"y\"},"
         "{\"from\":\"2\",\"messageId\":\"c\",\"text\":\"z\"}]}"),
     GATEWAY_READ,
     2,
     "1",
     "",
     "a",
     "x",
     "",
     {.total = 0}},
    {"infobip, none",
     "infobip",
     "",
     JSON,
     SLICE_INIT("{\"results\":[],\"messageCount\":0}"),
     GATEWAY_NOTHING,
     0,
     "",
     "",
     "",
     "",
     "",
     {.total = 0}},
    {"africastalking",
     "africastalking",
     "secret=s",
     "application/x-www-form-urlencoded",
     SLICE_INIT("linkId=03090445075804249226&text=Msg&to=21512&id=ec9adc86-51d5-4bc8-8eb0-d8ab0bb53dc3&date=2017-05-"
                "03T06%3A04%3A45Z"
                "&from=%2B254791541111"),
     GATEWAY_READ,
     1,
     "+254791541111",
     "21512",
     "ec9adc86-51d5-4bc8-8eb0-d8ab0bb53dc3",
     "Msg",
     "2017-05-03T06:04:45.000Z",
     {.total = 0}},
    {"messagebird, a long number",
     "messagebird",
     "",
     "application/x-www-form-urlencoded",
     SLICE_INIT("id=b6aae1b5dfb2427a8f7ea6a717ba31a9&originator=18885551515&recipient=18005551515&body=Test+3"
                "&createdDatetime=2023-07-27T00%3A49%3A29%2B00%3A00"),
     GATEWAY_READ,
     1,
     "18885551515",
     "18005551515",
     "b6aae1b5dfb2427a8f7ea6a717ba31a9",
     "Test 3",
     "2023-07-27T00:49:29.000Z",
     {.total = 0}},
    {"plivo",
     "plivo",
     "",
     "application/x-www-form-urlencoded",
     SLICE_INIT("To=4759440448&From=4795961111&TotalRate=0&Units=1&Text=Msg&TotalAmount=0&Type=sms"
                "&MessageUUID=7a242edc-2f57-11e7-98c9-06ab0bf64327"),
     GATEWAY_READ,
     1,
     "4795961111",
     "4759440448",
     "7a242edc-2f57-11e7-98c9-06ab0bf64327",
     "Msg",
     "",
     {.total = 0}},
    {"clickatell",
     "clickatell",
     "secret=s",
     JSON,
     SLICE_INIT("{\"messageId\":\"1234\",\"fromNumber\":\"250788383383\",\"timestamp\":1516217711000,\"text\":\"Hello "
                "World!\",\"charset\":\"UTF-8\"}"),
     GATEWAY_READ,
     1,
     "250788383383",
     "",
     "1234",
     "Hello World!",
     "2018-01-17T19:35:11.000Z",
     {.total = 0}},
    {"clickatell, UTF-16",
     "clickatell",
     "",
     JSON,
     SLICE_INIT("{\"messageId\":\"1234\",\"replyMessageId\":\"5678\",\"fromNumber\":\"250788383383\",\"text\":\"%00m%"
                "00e%00+%00%ED\","
                "\"charset\":\"UTF-16BE\"}"),
     GATEWAY_READ,
     1,
     "250788383383",
     "",
     "5678",
     "me \xc3\xad",
     "",
     {.total = 0}},
    {"clickatell, One API",
     "clickatell",
     "",
     JSON,
     SLICE_INIT("{\"integrationId\":\"fa8090815f05d5ed015f0b5b56080cd2\",\"integrationName\":\"My "
                "integration\",\"event\":{\"moText\":[{"
                "\"channel\":\"whatsapp/sms "
                "\",\"messageId\":\"3a89680503414383af44dcd0e4e5f184\",\"relatedMessageId\":\"d33eef\","
                "\"from\":\"2799900001\",\"to\":\"2799900002\",\"timestamp\":1506607698000,\"content\":\"Text Content "
                "of the reply message\","
                "\"charset\":\"UTF-8\",\"sms\":{\"network\":\"Network ID\"}}]}}"),
     GATEWAY_READ,
     1,
     "2799900001",
     "2799900002",
     "3a89680503414383af44dcd0e4e5f184",
     "Text Content of the reply message",
     "2017-09-28T14:08:18.000Z",
     {.total = 0}},
    {"smssync",
     "smssync",
     "",
     "application/x-www-form-urlencoded",
     SLICE_INIT(
         "secret=123456&from=%2B000-000-0000&message=the%20message%20goes%20here&sent_timestamp=1432000000000&sent_to="
         "&message_id=042b3515-ef6b-f424-c4qd&device_id=1"),
     GATEWAY_READ,
     1,
     "+000-000-0000",
     "",
     "042b3515-ef6b-f424-c4qd",
     "the message goes here",
     "2015-05-19T01:46:40.000Z",
     {.total = 0}},
    {"android",
     "android",
     "",
     JSON,
     SLICE_INIT(
         "{\"deviceId\":\"ffffffffceb0b1db0000018e937c815b\",\"event\":\"sms:received\",\"id\":"
         "\"Ey6ECgOkVVFjz3CL48B8C\","
         "\"payload\":{\"messageId\":\"abc123\",\"message\":\"Android is always a sweet "
         "treat!\",\"phoneNumber\":\"6505551212\","
         "\"simNumber\":1,\"receivedAt\":\"2024-06-22T15:46:11.000+07:00\"},\"webhookId\":\"LreFUt-Z3sSq0JufY9uWB\"}"),
     GATEWAY_READ,
     1,
     "6505551212",
     "",
     "Ey6ECgOkVVFjz3CL48B8C",
     "Android is always a sweet treat!",
     "2024-06-22T08:46:11.000Z",
     {.total = 0}},
    {"android, another event",
     "android",
     "",
     JSON,
     SLICE_INIT("{\"event\":\"sms:delivered\",\"id\":\"x\",\"payload\":{\"messageId\":\"abc123\",\"phoneNumber\":\"+"
                "1234567890\"}}"),
     GATEWAY_NOTHING,
     0,
     "",
     "",
     "",
     "",
     "",
     {.total = 0}},
    {"generic, its usual names",
     "generic",
     "secret=s&sender=%2B22790123456&message=SOS&message_id=7",
     "",
     SLICE_INIT(""),
     GATEWAY_READ,
     1,
     "+22790123456",
     "",
     "7",
     "SOS",
     "",
     {.total = 0}},
};

static void expect(const struct row *row, const char *what, struct slice found, const char *wanted)
{
    if (!slice_equal(found, slice_of(wanted))) {
        fail_msg("%s: %s is \"%.*s\", not \"%s\"", row->name, what, SLICE_ARGS(found), wanted);
    }
}

static void expect_message(const struct row *row, const struct gateway_message *message)
{
    char at[TIME_TEXT_MAX];
    expect(row, "from", message->from, row->from);
    expect(row, "to", message->to, row->to);
    expect(row, "id", message->id, row->id);
    expect(row, "text", message->text, row->text);
    expect(row, "at", message->has_at ? time_format(message->at_us, at) : SLICE(""), row->at);
    expect(row, "part_reference", message->part.reference, row->part.total > 0 ? row->part.reference.data : "");
    assert_int_equal(message->part.number, row->part.number);
    assert_int_equal(message->part.total, row->part.total);
}

static void read_row(const struct row *row, const struct gateway_kind *kind, struct arena *arena)
{
    struct gateway_fields fields;
    struct gateway_message *messages = NULL;
    size_t count = 0;
    struct http_request request = {.query = slice_of(row->query), .body = row->body, .header_count = 1};
    request.headers[0] = (struct http_header){SLICE("Content-Type"), slice_of(row->type)};
    assert_true(gateway_fields_read(&fields, &request, kind->carriage, arena));
    enum gateway_reading reading = gateway_message_read_all(kind, &fields, arena, &messages, &count);
    if (reading != row->reading || count != row->count) {
        fail_msg("%s: read as %d, %zu messages", row->name, (int)reading, count);
    }
    if (count > 0) {
        expect_message(row, &messages[0]);
    }
}

static void test_documented_requests(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena;
        arena_init(&arena, ARENA_MAX);
        const struct gateway_kind *kind = gateway_kind_find(slice_of(rows[i].kind));
        assert_non_null(kind);
        read_row(&rows[i], kind, &arena);
        arena_release(&arena);
    }
}

/* Every kind has an example here, and says how its answer looks. */
static void test_every_kind_is_tested(void **state)
{
    const struct gateway_kind *kind = NULL;
    (void)state;
    for (size_t i = 0; (kind = gateway_kind_at(i)) != NULL; i++) {
        bool tested = false;
        for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
            tested = tested || (strcmp(rows[k].kind, kind->name) == 0 && rows[k].reading == GATEWAY_READ);
        }
        assert_true(tested && kind->title != NULL && kind->source != NULL && kind->carriage != 0);
        assert_true(kind->message.from != NULL && kind->message.text != NULL && kind->message.id != NULL);
        assert_true(kind->answer.type != NULL && kind->answer.silent != NULL);
        assert_ptr_equal(gateway_kind_find(slice_of(kind->name)), kind);
    }
    assert_null(gateway_kind_find(SLICE("")));
    assert_null(gateway_kind_find(SLICE("Kannel")));
}

/* Memory that ends anywhere is told from a request that is wrong: the gateway then sends it again. */
static void test_without_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct gateway_kind *kind = gateway_kind_find(slice_of(rows[i].kind));
        for (size_t room = 0; room < 4096; room += 16) {
            struct arena arena;
            struct gateway_fields fields;
            struct gateway_message *messages = NULL;
            size_t count = 0;
            struct http_request request = {.query = slice_of(rows[i].query), .body = rows[i].body, .header_count = 1};
            request.headers[0] = (struct http_header){SLICE("Content-Type"), slice_of(rows[i].type)};
            arena_init(&arena, room);
            if (!gateway_fields_read(&fields, &request, kind->carriage, &arena)) {
                assert_true(arena.failed);
            } else {
                enum gateway_reading reading = gateway_message_read_all(kind, &fields, &arena, &messages, &count);
                assert_true(reading == rows[i].reading || reading == GATEWAY_NO_MEMORY);
                assert_true(reading == GATEWAY_NO_MEMORY || !arena.failed);
            }
            arena_release(&arena);
        }
    }
}

static void test_names_of_ones_own(void **state)
{
    static const struct row row = {"own names",
                                   "generic",
                                   "",
                                   JSON,
                                   SLICE_INIT("{\"data\":{\"sms\":[{\"who\":{\"number\":22790123456},\"body\":\"SOS\","
                                              "\"key\":\"k\",\"when\":\"1795487363000\"}]}}"),
                                   GATEWAY_READ,
                                   1,
                                   "22790123456",
                                   "",
                                   "k",
                                   "SOS",
                                   "2026-11-24T02:29:23.000Z",
                                   {.total = 0}};
    static const char *const wrong[] = {"sender=x", "from=", "from", "from=%zz", "=x"};
    struct arena arena;
    const struct gateway_kind *generic = gateway_kind_find(SLICE("generic"));
    (void)state;
    arena_init(&arena, ARENA_MAX);
    const struct gateway_kind *own =
        gateway_kind_with_names(generic, SLICE("list=data/sms&from=who/number&text=body&id=key&at=when"), &arena);
    assert_non_null(own);
    read_row(&row, own, &arena);
    assert_ptr_equal(gateway_kind_with_names(generic, SLICE(""), &arena), generic);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_null(gateway_kind_with_names(generic, slice_of(wrong[i]), &arena));
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documented_requests),
        cmocka_unit_test(test_every_kind_is_tested),
        cmocka_unit_test(test_without_memory),
        cmocka_unit_test(test_names_of_ones_own),
    };
    return cmocka_run_group_tests_name("gateway message", tests, NULL, NULL);
}
