/* SPDX-License-Identifier: Apache-2.0
 * The table. What each row says was read in the gateway's documentation (`source`) and seen in its libraries' tests; docs/gateways.md tells an
 * operator the steps. */
#include "gateway/kind.h"

#include <stddef.h>

#include "net/form.h"

enum { IN_QUERY_OR_FORM = GATEWAY_IN_QUERY | GATEWAY_IN_FORM, ANYWHERE = IN_QUERY_OR_FORM | GATEWAY_IN_JSON };

/* Any 200 will do, and nothing in it is read. */
#define ANSWER_EMPTY                                                                                                   \
    {                                                                                                                  \
        "text/plain; charset=UTF-8", "", NULL                                                                          \
    }

/* The words that receipts use, by the order of a text's life. */
static const struct gateway_word kannel_words[] = {
    {"1", GATEWAY_DELIVERED}, {"2", GATEWAY_FAILED},    {"4", GATEWAY_QUEUED},
    {"8", GATEWAY_SENT},      {"16", GATEWAY_REJECTED}, {NULL, GATEWAY_UNKNOWN},
};
/* The command status of the hand-over, and then the words of an SMPP receipt (3.4, appendix B). */
static const struct gateway_word jasmin_words[] = {
    {"ESME_ROK", GATEWAY_SENT},   {"ESME_R*", GATEWAY_FAILED}, {"DELIVRD", GATEWAY_DELIVERED},
    {"EXPIRED", GATEWAY_EXPIRED}, {"DELETED", GATEWAY_FAILED}, {"UNDELIV", GATEWAY_FAILED},
    {"ACCEPTD", GATEWAY_SENT},    {"ENROUTE", GATEWAY_SENT},   {"REJECTD", GATEWAY_REJECTED},
    {"UNKNOWN", GATEWAY_UNKNOWN}, {NULL, GATEWAY_UNKNOWN},
};
static const struct gateway_word twilio_words[] = {
    {"accepted", GATEWAY_QUEUED},   {"scheduled", GATEWAY_QUEUED},   {"queued", GATEWAY_QUEUED},
    {"sending", GATEWAY_QUEUED},    {"sent", GATEWAY_SENT},          {"delivered", GATEWAY_DELIVERED},
    {"read", GATEWAY_DELIVERED},    {"undelivered", GATEWAY_FAILED}, {"failed", GATEWAY_FAILED},
    {"canceled", GATEWAY_REJECTED}, {NULL, GATEWAY_UNKNOWN},
};
/* Android's SmsManager. Documentation and app differ in what stands for success, so only failures are believed. */
static const struct gateway_word smssync_words[] = {
    {"1", GATEWAY_FAILED}, {"2", GATEWAY_FAILED}, {"3", GATEWAY_FAILED}, {"4", GATEWAY_FAILED}, {NULL, GATEWAY_UNKNOWN},
};
static const struct gateway_word vonage_words[] = {
    {"accepted", GATEWAY_SENT},   {"buffered", GATEWAY_QUEUED}, {"delivered", GATEWAY_DELIVERED},
    {"expired", GATEWAY_EXPIRED}, {"failed", GATEWAY_FAILED},   {"rejected", GATEWAY_REJECTED},
    {"unknown", GATEWAY_UNKNOWN}, {NULL, GATEWAY_UNKNOWN},
};
/* By name, for the group DELIVERED holds what only the operator has. */
static const struct gateway_word infobip_words[] = {
    {"DELIVERED_TO_HANDSET", GATEWAY_DELIVERED},
    {"DELIVERED_TO_OPERATOR", GATEWAY_SENT},
    {"PENDING_WAITING_DELIVERY", GATEWAY_SENT},
    {"PENDING*", GATEWAY_QUEUED},
    {"UNDELIVERABLE*", GATEWAY_FAILED},
    {"EXPIRED*", GATEWAY_EXPIRED},
    {"REJECTED*", GATEWAY_REJECTED},
    {NULL, GATEWAY_UNKNOWN},
};
static const struct gateway_word africastalking_words[] = {
    {"Sent", GATEWAY_SENT},
    {"Submitted", GATEWAY_SENT},
    {"Buffered", GATEWAY_QUEUED},
    {"Success", GATEWAY_DELIVERED},
    {"Rejected", GATEWAY_REJECTED},
    {"Failed", GATEWAY_FAILED},
    {"AbsentSubscriber", GATEWAY_FAILED},
    {"Expired", GATEWAY_EXPIRED},
    {NULL, GATEWAY_UNKNOWN},
};
static const struct gateway_word messagebird_words[] = {
    {"scheduled", GATEWAY_QUEUED},    {"buffered", GATEWAY_QUEUED}, {"sent", GATEWAY_SENT},
    {"delivered", GATEWAY_DELIVERED}, {"expired", GATEWAY_EXPIRED}, {"delivery_failed", GATEWAY_FAILED},
    {NULL, GATEWAY_UNKNOWN},
};
static const struct gateway_word plivo_words[] = {
    {"queued", GATEWAY_QUEUED},     {"sent", GATEWAY_SENT},          {"delivered", GATEWAY_DELIVERED},
    {"read", GATEWAY_DELIVERED},    {"undelivered", GATEWAY_FAILED}, {"failed", GATEWAY_FAILED},
    {"rejected", GATEWAY_REJECTED}, {NULL, GATEWAY_UNKNOWN},
};
/* The SMS API's numbers; the One API uses some of them for other things and is not read for receipts. */
static const struct gateway_word clickatell_words[] = {
    {"2", GATEWAY_QUEUED},   {"3", GATEWAY_SENT},    {"4", GATEWAY_DELIVERED}, {"5", GATEWAY_FAILED},
    {"6", GATEWAY_FAILED},   {"7", GATEWAY_FAILED},  {"8", GATEWAY_SENT},      {"9", GATEWAY_FAILED},
    {"10", GATEWAY_EXPIRED}, {"11", GATEWAY_QUEUED}, {"12", GATEWAY_REJECTED}, {"14", GATEWAY_REJECTED},
    {NULL, GATEWAY_UNKNOWN},
};
static const struct gateway_word android_words[] = {
    {"sms:sent", GATEWAY_SENT},     {"sms:delivered", GATEWAY_DELIVERED},
    {"sms:failed", GATEWAY_FAILED}, {"sms:cancelled", GATEWAY_REJECTED},
    {NULL, GATEWAY_UNKNOWN},
};
static const struct gateway_word generic_words[] = {
    {"queued", GATEWAY_QUEUED}, {"sent", GATEWAY_SENT},       {"delivered", GATEWAY_DELIVERED},
    {"failed", GATEWAY_FAILED}, {"expired", GATEWAY_EXPIRED}, {"rejected", GATEWAY_REJECTED},
    {NULL, GATEWAY_UNKNOWN},
};

#define VERDICTS_END                                                                                                   \
    {                                                                                                                  \
        0, NULL, "", GATEWAY_VERDICTS_END                                                                              \
    }

/* Two different 403: one of the account, one of the number. */
static const struct gateway_verdict kannel_verdicts[] = {
    {403, NULL, "Not routable*", GATEWAY_NEVER}, {202, NULL, "0:*", GATEWAY_TAKEN}, {202, NULL, "3:*", GATEWAY_TAKEN},
    {202, NULL, "Sent.*", GATEWAY_TAKEN},        {202, NULL, "", GATEWAY_NEVER},    VERDICTS_END,
};
static const struct gateway_verdict jasmin_verdicts[] = {
    {200, NULL, "Success*", GATEWAY_TAKEN},
    {403, NULL, "Error \"User throughput exceeded*", GATEWAY_AGAIN},
    {412, NULL, "Error \"Failover route*", GATEWAY_AGAIN},
    {412, NULL, "", GATEWAY_CLOSED}, /* no route */
    VERDICTS_END,
};
/* Its answers are 200 whatever they say. https://developer.vonage.com/en/messaging/sms/guides/troubleshooting-sms */
static const struct gateway_verdict vonage_verdicts[] = {
    {200, "messages/0/status", "0", GATEWAY_TAKEN},
    {200, "messages/0/status", "1", GATEWAY_AGAIN},
    {200, "messages/0/status", "5", GATEWAY_AGAIN},
    {200, "messages/0/status", "10", GATEWAY_AGAIN},
    {200, "messages/0/status", "2", GATEWAY_CLOSED},
    {200, "messages/0/status", "4", GATEWAY_CLOSED},
    {200, "messages/0/status", "8", GATEWAY_CLOSED},
    {200, "messages/0/status", "9", GATEWAY_CLOSED},
    {200, "messages/0/status", "11", GATEWAY_CLOSED},
    {200, NULL, "", GATEWAY_NEVER},
    VERDICTS_END,
};
static const struct gateway_verdict infobip_verdicts[] = {
    {200, "messages/0/status/groupName", "REJECTED*", GATEWAY_NEVER},
    {200, "messages/0/status/groupName", "UNDELIVERABLE*", GATEWAY_NEVER},
    {200, "messages/0/status/groupName", "EXPIRED*", GATEWAY_NEVER},
    VERDICTS_END,
};
static const struct gateway_verdict africastalking_verdicts[] = {
    {0, "SMSMessageData/Recipients/0/statusCode", "100", GATEWAY_TAKEN},
    {0, "SMSMessageData/Recipients/0/statusCode", "101", GATEWAY_TAKEN},
    {0, "SMSMessageData/Recipients/0/statusCode", "102", GATEWAY_TAKEN},
    {0, "SMSMessageData/Recipients/0/statusCode", "402", GATEWAY_CLOSED}, /* the sender's id */
    {0, "SMSMessageData/Recipients/0/statusCode", "405", GATEWAY_CLOSED}, /* no credit */
    {0, "SMSMessageData/Recipients/0/statusCode", "409", GATEWAY_AGAIN},  /* outside the hours that Nigeria allows */
    {0, "SMSMessageData/Recipients/0/statusCode", "500", GATEWAY_AGAIN},
    {0, "SMSMessageData/Recipients/0/statusCode", "501", GATEWAY_AGAIN},
    {200, NULL, "", GATEWAY_NEVER},
    {201, NULL, "", GATEWAY_NEVER},
    VERDICTS_END,
};
static const struct gateway_verdict clickatell_verdicts[] = {
    {0, "messages/0/accepted", "true", GATEWAY_TAKEN},
    {200, NULL, "", GATEWAY_NEVER},
    {201, NULL, "", GATEWAY_NEVER},
    {202, NULL, "", GATEWAY_NEVER},
    VERDICTS_END,
};
static const struct gateway_verdict android_verdicts[] = {
    {409, NULL, "", GATEWAY_TAKEN}, /* it has a text with this id */
    VERDICTS_END,
};

static const struct gateway_kind kinds[] = {
    {
        .name = "kannel",
        .title = "Kannel",
        .source = "https://www.kannel.org/userguide.shtml, and what 1.4.5 was seen to send",
        .carriage = GATEWAY_IN_QUERY, /* its POST repeats the text as the content */
        .proof = GATEWAY_PROOF_SECRET,
        .message = {.from = "from",
                    .to = "to",
                    .id = "id",
                    .text = "text",
                    .at = "ts",
                    .coding = "coding",
                    .charset = "charset",
                    .ucs2 = "2",
                    .udh = "udh"},
        .receipt = {.state = "status", .reason = "answer", .at = "ts", .words = kannel_words},
        .send =
            {.path = "/cgi-bin/sendsms",
             .type = "text/plain; charset=UTF-8",
             .headers =
                 "X-Kannel-Username: {user}\nX-Kannel-Password: {password}\nX-Kannel-From: {from}\nX-Kannel-To: {to}\n"
                 "X-Kannel-Coding: {coding}\nX-Kannel-DLR-Mask: 27\n"
                 "X-Kannel-DLR-Url: {receipts}&status=%d&answer=%A&ts=%T\n",
             .body = "{text}",
             .coding = "0",
             .coding_ucs2 = "2",
             .verdicts = kannel_verdicts},
        .answer = {"text/plain; charset=UTF-8", "", "{text}"},
    },
    {
        .name = "jasmin",
        .title = "Jasmin",
        .source = "https://docs.jasminsms.com/en/latest/apis/http/index.html",
        .carriage = IN_QUERY_OR_FORM,
        .proof = GATEWAY_PROOF_SECRET,
        .message = {.from = "from",
                    .to = "to",
                    .id = "id",
                    .text = "content",
                    .hex = "binary",
                    .ucs2 = "8",
                    .coding = "coding"},
        .receipt = {.id = "id", .state = "message_status", .reason = "err", .words = jasmin_words},
        .send =
            {.path = "/send",
             .type = "application/x-www-form-urlencoded",
             .body =
                 "username={user}&password={password}&from={from}&to={to}&coding=0&content={text}&dlr-url={receipts}"
                 "&dlr-level=3&dlr-method=POST",
             .body_ucs2 = "username={user}&password={password}&from={from}&to={to}&coding=8&hex-content={hex}"
                          "&dlr-url={receipts}&dlr-level=3&dlr-method=POST",
             .id = "\"",
             .verdicts = jasmin_verdicts},
        .answer = {"text/plain", "ACK/Jasmin", NULL}, /* anything else is sent again */
    },
    {
        .name = "twilio",
        .title = "Twilio",
        .source = "https://www.twilio.com/docs/messaging/guides/webhook-request",
        .carriage = IN_QUERY_OR_FORM,
        .proof = GATEWAY_PROOF_TWILIO,
        .message = {.from = "From", .to = "To", .id = "MessageSid", .id_length = 34, .text = "Body"},
        .receipt = {.id = "MessageSid", .state = "MessageStatus", .reason = "ErrorCode", .words = twilio_words},
        .send = {.base = "https://api.twilio.com",
                 .path = "/2010-04-01/Accounts/{user}/Messages.json",
                 .type = "application/x-www-form-urlencoded",
                 .headers = "Authorization: Basic {basic}\nAccept: application/json\n",
                 .body = "To={to}&From={from}&Body={text}&StatusCallback={receipts}",
                 .id = "sid"},
        .answer = {"text/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>",
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Message>{text}</Message></Response>"},
    },
    {
        .name = "vonage",
        .title = "Vonage",
        .source = "https://developer.vonage.com/en/messaging/sms/guides/inbound-sms",
        .carriage = ANYWHERE,
        .proof = GATEWAY_PROOF_VONAGE,
        .message = {.from = "msisdn",
                    .to = "to",
                    .id = "messageId",
                    .text = "text",
                    .at = "message-timestamp",
                    .part_reference = "concat-ref",
                    .part_number = "concat-part",
                    .part_total = "concat-total"},
        .receipt = {.id = "messageId",
                    .state = "status",
                    .reason = "err-code",
                    .at = "message-timestamp",
                    .words = vonage_words},
        .send = {.base = "https://rest.nexmo.com",
                 .path = "/sms/json",
                 .type = "application/x-www-form-urlencoded",
                 .headers = "Accept: application/json\n",
                 .body = "api_key={user}&api_secret={password}&from={from}&to={to_digits}&text={text}&type={coding}"
                         "&status-report-req=1&callback={receipts}",
                 .coding = "text",
                 .coding_ucs2 = "unicode",
                 .id = "messages/0/message-id",
                 .verdicts = vonage_verdicts},
        .answer = ANSWER_EMPTY,
    },
    {
        .name = "infobip",
        .title = "Infobip",
        .source = "https://www.infobip.com/docs/api/channels/sms/inbound-sms/receive-inbound-sms-messages",
        .carriage = GATEWAY_IN_JSON,
        .proof = GATEWAY_PROOF_SECRET,
        .message =
            {.list = "results", .from = "from", .to = "to", .id = "messageId", .text = "text", .at = "receivedAt"},
        .receipt = {.reference = "messageId",
                    .list = "results",
                    .id = "messageId",
                    .state = "status/name",
                    .reason = "error/name",
                    .at = "doneAt",
                    .words = infobip_words},
        .send = {.path = "/sms/3/messages",
                 .type = "application/json",
                 .headers = "Authorization: App {password}\nAccept: application/json\n",
                 .body =
                     "{\"messages\":[{\"sender\":{from},\"destinations\":[{\"to\":{to_digits},\"messageId\":{ref}}],"
                     "\"content\":{\"text\":{text}},\"webhooks\":{\"delivery\":{\"url\":{receipts},"
                     "\"intermediateReport\":true,\"contentType\":\"application/json\"}}}]}",
                 .id = "messages/0/messageId",
                 .verdicts = infobip_verdicts},
        .answer = ANSWER_EMPTY,
    },
    {
        .name = "africastalking",
        .title = "Africa's Talking",
        .source = "https://developers.africastalking.com/docs/sms/notifications",
        .carriage = GATEWAY_IN_FORM,
        .proof = GATEWAY_PROOF_SECRET,
        .message = {.from = "from", .to = "to", .id = "id", .text = "text", .at = "date"},
        .receipt = {.id = "id", .state = "status", .reason = "failureReason", .words = africastalking_words},
        .send = {.base = "https://api.africastalking.com",
                 .path = "/version1/messaging",
                 .type = "application/x-www-form-urlencoded",
                 .headers = "apiKey: {password}\nAccept: application/json\n",
                 .body = "username={user}&to={to}&message={text}&from={from}",
                 .id = "SMSMessageData/Recipients/0/messageId",
                 .verdicts = africastalking_verdicts},
        .answer = ANSWER_EMPTY,
    },
    {
        .name = "messagebird",
        .title = "MessageBird",
        .source = "https://developers.messagebird.com/api/sms-messaging/",
        .carriage = IN_QUERY_OR_FORM,
        .proof = GATEWAY_PROOF_MESSAGEBIRD,
        .message = {.from = "originator|sender",
                    .to = "recipient|shortcode",
                    .id = "mid|id",
                    .text = "body|message",
                    .at = "createdDatetime|date_utc"},
        .receipt = {.reference = "reference",
                    .id = "id",
                    .state = "status",
                    .reason = "statusErrorCode",
                    .at = "statusDatetime",
                    .words = messagebird_words},
        .send = {.base = "https://rest.messagebird.com",
                 .path = "/messages",
                 .type = "application/json",
                 .headers = "Authorization: AccessKey {password}\nAccept: application/json\n",
                 .body = "{\"originator\":{from},\"body\":{text},\"recipients\":[{to_digits}],\"reference\":{ref},"
                         "\"reportUrl\":{receipts},\"datacoding\":\"auto\"}",
                 .id = "id"},
        .answer = {"text/plain", "OK", NULL},
    },
    {
        .name = "plivo",
        .title = "Plivo",
        .source = "https://www.plivo.com/docs/messaging/api/message/handling-incoming",
        .carriage = IN_QUERY_OR_FORM,
        .proof = GATEWAY_PROOF_PLIVO,
        .message = {.from = "From", .to = "To", .id = "MessageUUID", .id_length = 36, .text = "Text|Body"},
        .receipt = {.id = "ParentMessageUUID|MessageUUID",
                    .state = "Status",
                    .reason = "ErrorCode",
                    .at = "DeliveryReportTime",
                    .words = plivo_words},
        .send = {.base = "https://api.plivo.com",
                 .path = "/v1/Account/{user}/Message/",
                 .type = "application/json",
                 .headers = "Authorization: Basic {basic}\nAccept: application/json\n",
                 .body = "{\"src\":{from},\"dst\":{to_digits},\"text\":{text},\"url\":{receipts},\"method\":\"POST\"}",
                 .id = "message_uuid/0"},
        .answer = {"text/xml", "<Response></Response>", NULL},
    },
    {
        .name = "plivo-v2",
        .title = "Plivo, signature version 2",
        .source = "https://www.plivo.com/docs/messaging/api/message/handling-incoming",
        .carriage = IN_QUERY_OR_FORM,
        .proof = GATEWAY_PROOF_PLIVO_V2,
        .message = {.from = "From", .to = "To", .id = "MessageUUID", .id_length = 36, .text = "Text|Body"},
        .receipt = {.id = "ParentMessageUUID|MessageUUID",
                    .state = "Status",
                    .reason = "ErrorCode",
                    .at = "DeliveryReportTime",
                    .words = plivo_words},
        .send = {.base = "https://api.plivo.com",
                 .path = "/v1/Account/{user}/Message/",
                 .type = "application/json",
                 .headers = "Authorization: Basic {basic}\nAccept: application/json\n",
                 .body = "{\"src\":{from},\"dst\":{to_digits},\"text\":{text},\"url\":{receipts},\"method\":\"POST\"}",
                 .id = "message_uuid/0"},
        .answer = {"text/xml", "<Response></Response>", NULL},
    },
    {
        .name = "clickatell",
        .title = "Clickatell",
        .source = "https://help.clickatell.com/developers-api-reference/sms-client-callbacks",
        .carriage = ANYWHERE,
        .proof = GATEWAY_PROOF_SECRET,
        /* `messageId` is the message that is replied to, where there is one. */
        .message = {.list = "event/moText", /* One API; the SMS API's message is the whole content */
                    .from = "fromNumber|from",
                    .to = "toNumber|to",
                    .id = "replyMessageId|messageId",
                    .text = "text|content",
                    .at = "timestamp",
                    .charset = "charset",
                    .escapes = true,
                    .udh = "udh"},
        .receipt = {.id = "messageId",
                    .state = "statusCode",
                    .reason = "statusDescription",
                    .at = "timestamp",
                    .words = clickatell_words},
        .send = {.base = "https://platform.clickatell.com",
                 .path = "/messages",
                 .type = "application/json",
                 .headers = "Authorization: {password}\nAccept: application/json\n",
                 .body = "{\"to\":[{to_digits}],\"from\":{from},\"content\":{text},\"clientMessageId\":{ref}}",
                 .id = "messages/0/apiMessageId",
                 .verdicts = clickatell_verdicts},
        .answer = ANSWER_EMPTY,
    },
    {
        .name = "smssync",
        .title = "SMSSync on an Android phone",
        .source = "http://smssync.ushahidi.com/developers/",
        .carriage = GATEWAY_IN_FORM | GATEWAY_IN_JSON,
        .proof = GATEWAY_PROOF_FIELD, /* it cannot call a URL with a query */
        .message = {.from = "from", .id = "message_id", .probes = true, .text = "message", .at = "sent_timestamp"},
        .receipt = {.list = "message_result",
                    .id = "uuid",
                    .state = "sent_result_code",
                    .reason = "sent_result_code",
                    .words = smssync_words},
        .fetches = true,
        .answer = {"application/json", "{\"payload\":{\"success\":true,\"error\":null}}",
                   "{\"payload\":{\"success\":true,\"error\":null,\"task\":\"send\",\"messages\":[{\"to\":{from},"
                   "\"message\":{text}}]}}"},
    },
    {
        .name = "android",
        .title = "SMS Gateway for Android",
        .source = "https://docs.sms-gate.app/features/webhooks",
        .carriage = GATEWAY_IN_JSON,
        .proof = GATEWAY_PROOF_ANDROID,
        /* payload/messageId is a hash of the content, so the same for the same words on another day */
        .message = {.event = "event",
                    .list = "payload/messages", /* of a batch */
                    .event_texts = "sms:received|sms:batch:received",
                    .from = "payload/sender|payload/phoneNumber|sender|phoneNumber",
                    .to = "payload/recipient|recipient",
                    .id = "id",
                    .text = "payload/message|message",
                    .at = "payload/receivedAt|receivedAt"},
        .receipt = {.reference = "payload/messageId",
                    .id = "payload/messageId",
                    .state = "event",
                    .reason = "payload/reason|payload/error",
                    .at = "payload/deliveredAt|payload/sentAt|payload/failedAt",
                    .words = android_words},
        .send =
            {.path = "/messages",
             .type =
                 "application/json",
             .headers = "Authorization: Basic {basic}\n",
             .body =
                 "{\"id\":{ref},\"textMessage\":{\"text\":{text}},\"phoneNumbers\":[{to}],\"withDeliveryReport\":true}",
             .id = "id",
             .repeats = true,
             .verdicts = android_verdicts},
        .answer = ANSWER_EMPTY,
    },
    {
        .name = "generic",
        .title = "Another gateway",
        .source = "docs/gateways.md",
        .carriage = ANYWHERE,
        .proof = GATEWAY_PROOF_SECRET,
        .message = {.from = "from|sender",
                    .to = "to|recipient",
                    .id = "id|message_id",
                    .text = "text|message",
                    .at = "ts|timestamp|date",
                    .coding = "coding",
                    .charset = "charset",
                    .ucs2 = "2"},
        .receipt = {.id = "id", .state = "status", .reason = "reason", .at = "ts|timestamp", .words = generic_words},
        .send = {.path = "",
                 .type = "application/x-www-form-urlencoded",
                 .headers = "Authorization: Basic {basic}\n",
                 .body = "id={ref}&to={to}&from={from}&text={text}&receipts={receipts}",
                 .id = "id"},
        .answer = {"text/plain; charset=UTF-8", "", "{text}"},
    },
};

const struct gateway_kind *gateway_kind_at(size_t index)
{
    return index < sizeof(kinds) / sizeof(kinds[0]) ? &kinds[index] : NULL;
}

const struct gateway_kind *gateway_kind_find(struct slice name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (slice_equal(slice_of(kinds[i].name), name)) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* The member of that name, or NULL. */
static const char **name_in(struct gateway_message_form *form, struct slice name)
{
    const struct {
        const char *name;
        const char **value;
    } names[] = {
        {"from", &form->from},
        {"to", &form->to},
        {"id", &form->id},
        {"text", &form->text},
        {"at", &form->at},
        {"charset", &form->charset},
        {"list", &form->list},
        {"part_reference", &form->part_reference},
        {"part_number", &form->part_number},
        {"part_total", &form->part_total},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_equal(slice_of(names[i].name), name)) {
            return names[i].value;
        }
    }
    return NULL;
}

const struct gateway_kind *gateway_kind_with_names(const struct gateway_kind *kind, struct slice names,
                                                   struct arena *arena)
{
    struct form form;
    if (names.length == 0) {
        return kind;
    }
    struct gateway_kind *copy = arena_alloc(arena, sizeof(*copy));
    if (copy == NULL || !form_parse(arena, names, &form)) {
        return NULL;
    }
    *copy = *kind;
    for (size_t i = 0; i < form.count; i++) {
        const char **member = name_in(&copy->message, form.pairs[i].name);
        if (member == NULL || form.pairs[i].value.length == 0) {
            return NULL;
        }
        *member = arena_strdup(arena, form.pairs[i].value);
        if (*member == NULL) {
            return NULL;
        }
    }
    return copy;
}
