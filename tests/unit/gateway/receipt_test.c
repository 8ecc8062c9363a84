/* SPDX-License-Identifier: Apache-2.0
 * Delivery receipts as the gateways document them, or were seen to send them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/clock.h"
#include "gateway/receipt.h"

enum { ARENA_MAX = 1 << 20 };

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"

struct row {
    const char *kind, *query, *type, *body;
    enum gateway_reading reading;
    const char *reference, *id;
    enum gateway_delivery state;
    const char *reason, *at;
};

static const struct row rows[] = {
    {"kannel", "secret=s&ref=7d3e&status=1&ts=1719045971", "", "", GATEWAY_READ, "7d3e", "", GATEWAY_DELIVERED, "",
     "2024-06-22T08:46:11.000Z"},
    {"kannel", "secret=s&ref=7d3e&status=16&answer=NACK%2F11%2FInvalid", "", "", GATEWAY_READ, "7d3e", "",
     GATEWAY_REJECTED, "NACK/11/Invalid", ""},
    {"kannel", "secret=s&ref=7d3e&status=34", "", "", GATEWAY_READ, "7d3e", "", GATEWAY_UNKNOWN, "", ""},
    {"kannel", "secret=s&status=1", "", "", GATEWAY_MALFORMED, "", "", GATEWAY_UNKNOWN, "", ""},
    {"jasmin", "ref=7d3e", FORM,
     "id=16fd2706-8baf-433b-82eb-8c7fada847da&level=2&message_status=DELIVRD&id_smsc=2567&sub=001&dlvrd=001&subdate="
     "1311022338"
     "&donedate=1311022338&err=000&text=Hello+foo+bar&connector=demo_cid",
     GATEWAY_READ, "7d3e", "16fd2706-8baf-433b-82eb-8c7fada847da", GATEWAY_DELIVERED, "000", ""},
    {"jasmin", "", FORM, "id=1&level=1&message_status=ESME_ROK", GATEWAY_READ, "", "1", GATEWAY_SENT, "", ""},
    {"jasmin", "", FORM, "id=1&level=1&message_status=ESME_RINVDSTADR", GATEWAY_READ, "", "1", GATEWAY_FAILED, "", ""},
    {"twilio", "", FORM, "MessageSid=SMe287d7109a5a925f182f0e07fe5b223b&MessageStatus=delivered", GATEWAY_READ, "",
     "SMe287d7109a5a925f182f0e07fe5b223b", GATEWAY_DELIVERED, "", ""},
    {"twilio", "ref=7d3e", FORM,
     "ErrorCode=21610&MessageSid=SMe287d7109a5a925f182f0e07fe5b223b&MessageStatus=failed&To=%2B12028831111",
     GATEWAY_READ, "7d3e", "SMe287d7109a5a925f182f0e07fe5b223b", GATEWAY_FAILED, "21610", ""},
    {"vonage", "to=2020&messageId=external1&status=delivered&err-code=0&message-timestamp=2018-10-25+12%3A10%3A29", "",
     "", GATEWAY_READ, "", "external1", GATEWAY_DELIVERED, "0", "2018-10-25T12:10:29.000Z"},
    {"vonage", "to=2020&messageId=external1&status=failed&err-code=6", "", "", GATEWAY_READ, "", "external1",
     GATEWAY_FAILED, "6", ""},
    {"infobip", "", JSON,
     "{\"results\":[{\"bulkId\":\"BULK-ID-123-xyz\",\"messageId\":\"MESSAGE-ID-123-xyz\",\"to\":\"41793026727\","
     "\"sentAt\":\"2019-11-09T16:00:00.000+0000\","
     "\"doneAt\":\"2019-11-09T16:00:00.000+0000\",\"smsCount\":1,\"status\":{\"groupId\":3,\"groupName\":\"DELIVERED\","
     "\"id\":5,"
     "\"name\":\"DELIVERED_TO_HANDSET\"},\"error\":{\"groupId\":0,\"groupName\":\"Ok\",\"id\":0,\"name\":\"NO_ERROR\","
     "\"permanent\":false}}]}",
     GATEWAY_READ, "MESSAGE-ID-123-xyz", "MESSAGE-ID-123-xyz", GATEWAY_DELIVERED, "NO_ERROR",
     "2019-11-09T16:00:00.000Z"},
    {"infobip", "", JSON,
     "{\"results\":[{\"messageId\":\"m\",\"status\":{\"groupId\":3,\"id\":2,\"name\":\"DELIVERED_TO_OPERATOR\"}}]}",
     GATEWAY_READ, "m", "m", GATEWAY_SENT, "", ""},
    {"africastalking", "", FORM, "id=ATXid_dda018a640edfcc5d2ce455de3e4a6e7&status=Success", GATEWAY_READ, "",
     "ATXid_dda018a640edfcc5d2ce455de3e4a6e7", GATEWAY_DELIVERED, "", ""},
    {"africastalking", "", FORM, "id=ATXid_1&status=Failed&failureReason=UserDoesNotExist", GATEWAY_READ, "", "ATXid_1",
     GATEWAY_FAILED, "UserDoesNotExist", ""},
    {"messagebird",
     "datacoding=plain&id=b6aae1b5dfb2427a8f7ea6a717ba31a9&mccmnc=310010&messageLength=4&messagePartCount=1&ported=0&"
     "price%5Bamount%5D=0.000"
     "&price%5Bcurrency%5D=USD&recipient=18885551515&reference=26&statusDatetime=2023-07-28T17%3A57%3A12%2B00%3A00&"
     "status=sent",
     "", "", GATEWAY_READ, "26", "b6aae1b5dfb2427a8f7ea6a717ba31a9", GATEWAY_SENT, "", "2023-07-28T17:57:12.000Z"},
    {"plivo", "", FORM,
     "Status=delivered&From=13342031111&ParentMessageUUID=83876bdb-2033-4876-bfaf-0ff8693705af&TotalRate=0.0025&MCC="
     "405&PartInfo=1+of+1&ErrorCode="
     "&To=918553651111&Units=1&TotalAmount=0.0025&MNC=803&MessageUUID=93876bdb-2033-4876-bfaf-0ff8693705af",
     GATEWAY_READ, "", "83876bdb-2033-4876-bfaf-0ff8693705af", GATEWAY_DELIVERED, "", ""},
    {"plivo-v2", "", FORM,
     "Status=delivered&From=13342031111&ParentMessageUUID=83876bdb-2033-4876-bfaf-0ff8693705af&TotalRate=0.0025&MCC="
     "405&PartInfo=1+of+1&ErrorCode="
     "&To=918553651111&Units=1&TotalAmount=0.0025&MNC=803&MessageUUID=93876bdb-2033-4876-bfaf-0ff8693705af",
     GATEWAY_READ, "", "83876bdb-2033-4876-bfaf-0ff8693705af", GATEWAY_DELIVERED, "", ""},
    {"clickatell", "", JSON, "{\"messageId\":\"msg1\",\"statusCode\":4}", GATEWAY_READ, "", "msg1", GATEWAY_DELIVERED,
     "", ""},
    {"android", "", JSON,
     "{\"deviceId\":\"ffffffffceb0b1db0000018e937c815b\",\"event\":\"sms:failed\",\"id\":\"Ey6ECgOkVVFjz3CL48B8C\","
     "\"payload\":{\"messageId\":\"abc123\","
     "\"phoneNumber\":\"+1234567890\",\"simNumber\":1,\"reason\":\"RESULT_ERROR_LIMIT_EXCEEDED\",\"failedAt\":\"2024-"
     "06-22T15:46:11.000+07:00\"},"
     "\"webhookId\":\"LreFUt-Z3sSq0JufY9uWB\"}",
     GATEWAY_READ, "abc123", "abc123", GATEWAY_FAILED, "RESULT_ERROR_LIMIT_EXCEEDED", "2024-06-22T08:46:11.000Z"},
    {"android", "", JSON,
     "{\"event\":\"sms:delivered\",\"payload\":{\"messageId\":\"abc123\",\"deliveredAt\":\"2024-06-22T15:46:11.000+07:"
     "00\"}}",
     GATEWAY_READ, "abc123", "abc123", GATEWAY_DELIVERED, "", "2024-06-22T08:46:11.000Z"},
    {"generic", "ref=7d3e&status=Delivered", "", "", GATEWAY_READ, "7d3e", "", GATEWAY_DELIVERED, "", ""},
    {"smssync", "", JSON,
     "{\"message_result\":[{\"uuid\":\"95df126b-ee80-4175-a6fb\",\"sent_result_code\":4,\"sent_result_message\":\"No "
     "service\","
     "\"delivered_result_code\":-1,\"delivered_result_message\":\"\"}]}",
     GATEWAY_READ, "", "95df126b-ee80-4175-a6fb", GATEWAY_FAILED, "4", ""},
    {"smssync", "", JSON,
     "{\"message_result\":[{\"uuid\":\"aada21b0-0615-4957-bcb3\",\"sent_result_code\":0,\"sent_result_message\":"
     "\"SMSSync Message "
     "Sent\",\"delivered_result_code\":0,\"delivered_result_message\":\"SMS Delivered\"}]}",
     GATEWAY_READ, "", "aada21b0-0615-4957-bcb3", GATEWAY_UNKNOWN, "0", ""},
    {"smssync", "", JSON, "{\"message_result\":[]}", GATEWAY_NOTHING, "", "", GATEWAY_UNKNOWN, "", ""},
    {"twilio", "", "", "", GATEWAY_NOTHING, "", "", GATEWAY_UNKNOWN, "", ""},
};

static void expect(size_t row, const char *what, struct slice found, const char *wanted)
{
    if (!slice_equal(found, slice_of(wanted))) {
        fail_msg("row %zu (%s): %s is \"%.*s\", not \"%s\"", row, rows[row].kind, what, SLICE_ARGS(found), wanted);
    }
}

static void read_row(size_t i, struct arena *arena)
{
    const struct gateway_kind *kind = gateway_kind_find(slice_of(rows[i].kind));
    struct gateway_fields fields;
    struct gateway_receipt *receipts = NULL;
    size_t count = 0;
    char at[TIME_TEXT_MAX];
    struct http_request request = {.query = slice_of(rows[i].query), .body = slice_of(rows[i].body), .header_count = 1};
    request.headers[0] = (struct http_header){SLICE("Content-Type"), slice_of(rows[i].type)};
    assert_true(gateway_fields_read(&fields, &request, kind->carriage, arena));
    enum gateway_reading reading = gateway_receipt_read_all(kind, &fields, arena, &receipts, &count);
    if (reading != rows[i].reading || count != (reading == GATEWAY_READ ? 1 : 0)) {
        fail_msg("row %zu (%s): read as %d, %zu receipts", i, rows[i].kind, (int)reading, count);
    }
    if (count > 0) {
        expect(i, "reference", receipts[0].reference, rows[i].reference);
        expect(i, "id", receipts[0].id, rows[i].id);
        expect(i, "reason", receipts[0].reason, rows[i].reason);
        expect(i, "at", receipts[0].has_at ? time_format(receipts[0].at_us, at) : SLICE(""), rows[i].at);
        assert_int_equal(receipts[0].state, rows[i].state);
    }
}

static void test_documented_receipts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena;
        arena_init(&arena, ARENA_MAX);
        read_row(i, &arena);
        arena_release(&arena);
    }
}

/* A word stands once in its list, and every kind that sends receipts is tested. */
static void test_words(void **state)
{
    const struct gateway_kind *kind = NULL;
    (void)state;
    for (size_t i = 0; (kind = gateway_kind_at(i)) != NULL; i++) {
        bool tested = kind->receipt.state == NULL;
        for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
            tested = tested || (strcmp(rows[k].kind, kind->name) == 0 && rows[k].reading == GATEWAY_READ);
        }
        assert_true(tested);
        for (const struct gateway_word *word = kind->receipt.words; word != NULL && word->word != NULL; word++) {
            assert_true(word->word[0] != '\0');
            for (const struct gateway_word *other = word + 1; other->word != NULL; other++) {
                assert_string_not_equal(word->word, other->word);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documented_receipts),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests_name("gateway receipt", tests, NULL, NULL);
}
