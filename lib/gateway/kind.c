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
                    .charset = "charset"},
        .answer = {"text/plain; charset=UTF-8", "", "{text}"},
    },
    {
        .name = "jasmin",
        .title = "Jasmin",
        .source = "https://docs.jasminsms.com/en/latest/apis/http/index.html",
        .carriage = IN_QUERY_OR_FORM,
        .proof = GATEWAY_PROOF_SECRET,
        .message = {.from = "from", .to = "to", .id = "id", .text = "content", .hex = "binary", .coding = "coding"},
        .answer = {"text/plain", "ACK/Jasmin", NULL}, /* anything else is sent again */
    },
    {
        .name = "twilio",
        .title = "Twilio",
        .source = "https://www.twilio.com/docs/messaging/guides/webhook-request",
        .carriage = IN_QUERY_OR_FORM,
        .proof = GATEWAY_PROOF_TWILIO,
        .message = {.from = "From", .to = "To", .id = "MessageSid", .text = "Body"},
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
        .answer = ANSWER_EMPTY,
    },
    {
        .name = "africastalking",
        .title = "Africa's Talking",
        .source = "https://developers.africastalking.com/docs/sms/notifications",
        .carriage = GATEWAY_IN_FORM,
        .proof = GATEWAY_PROOF_SECRET,
        .message = {.from = "from", .to = "to", .id = "id", .text = "text", .at = "date"},
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
        .answer = {"text/plain", "OK", NULL},
    },
    {
        .name = "plivo",
        .title = "Plivo",
        .source = "https://www.plivo.com/docs/messaging/api/message/handling-incoming",
        .carriage = IN_QUERY_OR_FORM,
        .proof = GATEWAY_PROOF_PLIVO,
        .message = {.from = "From", .to = "To", .id = "MessageUUID", .text = "Text|Body"},
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
                    .escapes = true},
        .answer = ANSWER_EMPTY,
    },
    {
        .name = "smssync",
        .title = "SMSSync on an Android phone",
        .source = "http://smssync.ushahidi.com/developers/",
        .carriage = GATEWAY_IN_FORM | GATEWAY_IN_JSON,
        .proof = GATEWAY_PROOF_FIELD, /* it cannot call a URL with a query */
        .message = {.from = "from", .to = "sent_to", .id = "message_id", .text = "message", .at = "sent_timestamp"},
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
                    .event_text = "sms:received",
                    .from = "payload/sender|payload/phoneNumber",
                    .to = "payload/recipient",
                    .id = "id",
                    .text = "payload/message",
                    .at = "payload/receivedAt"},
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
                    .charset = "charset"},
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
