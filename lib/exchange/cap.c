/* SPDX-License-Identifier: Apache-2.0
 * Elements in the order of the CAP 1.2 schema (section 3.4), and the table of what a posture means in its words. */
#include "exchange/cap.h"

#include "core/clock.h"
#include "core/utf8.h"

enum { CAP_SECONDS_LENGTH = 19 /* "2023-08-02T17:04:05" */, REPLACEMENT = 0xFFFD };

/* CAP 1.2 section 3.2.2. What a posture says of the country is on the ground from ordered departure on. */
static const struct {
    const char *urgency;
    const char *certainty;
} meanings[] = {
    [POSTURE_NORMAL] = {"Future", "Possible"},
    [POSTURE_AUTHORIZED_DEPARTURE] = {"Expected", "Likely"},
    [POSTURE_ORDERED_DEPARTURE] = {"Immediate", "Observed"},
    [POSTURE_CONTINGENCY_OPERATIONS] = {"Immediate", "Observed"},
    [POSTURE_RESTRICTED_OPERATIONS] = {"Immediate", "Observed"},
    [POSTURE_SUSPENDED_OPERATIONS] = {"Immediate", "Observed"},
};

/* By advisory level: normal precautions, increased caution, reconsider travel, do not travel. */
static const struct {
    const char *severity;
    const char *response;
} advice[] = {
    {"Unknown", "Monitor"}, {"Minor", "Monitor"}, {"Moderate", "Prepare"}, {"Severe", "Avoid"}, {"Extreme", "Avoid"},
};

/* XML 1.0 section 2.2, Char. */
static bool is_char(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
           c >= 0x10000;
}

static void add_code_point(struct buffer *out, uint32_t c)
{
    char bytes[4];
    buffer_add(out, bytes, utf8_encode(is_char(c) ? c : REPLACEMENT, bytes));
}

/* CR as a reference: a parser would read a bare one as LF (XML 1.0 section 2.11). */
static const char *reference_of(uint32_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&apos;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

void cap_escape(struct buffer *out, struct slice text)
{
    while (text.length > 0) {
        uint32_t c = REPLACEMENT;
        if (!utf8_next(&text, &c)) {
            text = slice_sub(text, 1, text.length); /* not UTF-8: one byte at a time */
        }
        const char *reference = reference_of(c);
        if (reference != NULL) {
            buffer_add_text(out, reference);
        } else {
            add_code_point(out, c);
        }
    }
}

static void add_element(struct buffer *out, const char *name, struct slice text)
{
    buffer_printf(out, "<%s>", name);
    cap_escape(out, text);
    buffer_printf(out, "</%s>\n", name);
}

/* CAP 1.2 section 3.2.1: identifier and sender must not include spaces, commas or "<" and "&". */
static void add_name(struct buffer *out, struct slice name)
{
    for (size_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        bool allowed = c > ' ' && c < 0x7F && c != ',' && c != '<' && c != '&' && c != '>' && c != '"' && c != '\'';
        buffer_add_byte(out, allowed ? (uint8_t)c : (uint8_t)'_');
    }
}

static void add_sender(struct buffer *out, struct slice sender)
{
    add_name(out, sender.length > 0 ? sender : SLICE("localhost"));
}

static void add_identifier(struct buffer *out, const struct cap_alert *alert)
{
    add_name(out, alert->id);
    buffer_printf(out, ".%lld", (long long)alert->sent_us);
}

/* CAP 1.2 section 3.3.2: whole seconds, and UTC written -00:00, never Z. */
static void add_time(struct buffer *out, const char *name, int64_t time_us)
{
    char text[TIME_TEXT_MAX];
    struct slice seconds = slice_sub(time_format(time_us, text), 0, CAP_SECONDS_LENGTH);
    buffer_printf(out, "<%s>%.*s-00:00</%s>\n", name, SLICE_ARGS(seconds), name);
}

static void add_info(struct buffer *out, const struct cap_alert *alert, const struct cap_info *info)
{
    size_t level = alert->advisory_level < sizeof(advice) / sizeof(advice[0]) ? alert->advisory_level : 0;
    buffer_add_text(out, "<info>\n");
    add_element(out, "language", info->language);
    buffer_add_text(out, "<category>Safety</category>\n");
    add_element(out, "event", info->event);
    add_element(out, "responseType", slice_of(alert->evacuating ? "Evacuate" : advice[level].response));
    add_element(out, "urgency", slice_of(meanings[alert->posture].urgency));
    add_element(out, "severity", slice_of(advice[level].severity));
    add_element(out, "certainty", slice_of(meanings[alert->posture].certainty));
    buffer_add_text(out, "<headline>");
    cap_escape(out, info->area);
    buffer_add_text(out, ": ");
    cap_escape(out, info->event);
    buffer_add_text(out, "</headline>\n");
    if (info->description.length > 0) {
        add_element(out, "description", info->description);
    }
    buffer_add_text(out, "<area>\n");
    add_element(out, "areaDesc", info->area);
    buffer_add_text(out, "<geocode><valueName>ISO 3166-1</valueName><value>");
    cap_escape(out, alert->country);
    buffer_add_text(out, "</value></geocode>\n</area>\n</info>\n");
}

static void add_alert(struct buffer *out, const struct cap_alert *alert)
{
    buffer_add_text(out, "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n<identifier>");
    add_identifier(out, alert);
    buffer_add_text(out, "</identifier>\n<sender>");
    add_sender(out, alert->sender);
    buffer_add_text(out, "</sender>\n");
    add_time(out, "sent", alert->sent_us);
    buffer_add_text(out, "<status>Actual</status>\n<msgType>Alert</msgType>\n<scope>Public</scope>\n");
    for (size_t i = 0; i < alert->info_count; i++) {
        add_info(out, alert, &alert->infos[i]);
    }
    buffer_add_text(out, "</alert>\n");
}

static void begin(struct buffer *out)
{
    buffer_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

void cap_write(struct buffer *out, const struct cap_alert *alert)
{
    begin(out);
    add_alert(out, alert);
}

/* RFC 4287 section 4.1.2: an entry has an id, a title and a time; its author is the feed's. */
static void add_entry(struct buffer *out, const struct cap_alert *alert)
{
    buffer_add_text(out, "<entry>\n<id>https://");
    add_sender(out, alert->sender);
    buffer_add_text(out, "/alerts.cap#");
    add_identifier(out, alert);
    buffer_add_text(out, "</id>\n");
    add_element(out, "title", alert->info_count > 0 ? alert->infos[0].area : alert->id);
    add_time(out, "updated", alert->sent_us);
    buffer_add_text(out, "<content type=\"" CAP_MEDIA_TYPE "\">\n");
    add_alert(out, alert);
    buffer_add_text(out, "</content>\n</entry>\n");
}

void cap_write_feed(struct buffer *out, struct slice sender, int64_t now_us, const struct cap_alert alerts[],
                    size_t count)
{
    int64_t updated_us = count > 0 ? alerts[0].sent_us : now_us;
    for (size_t i = 1; i < count; i++) {
        updated_us = alerts[i].sent_us > updated_us ? alerts[i].sent_us : updated_us;
    }
    begin(out);
    buffer_add_text(out, "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<id>https://");
    add_sender(out, sender);
    buffer_add_text(out, "/alerts.cap</id>\n<title>Muster</title>\n");
    add_time(out, "updated", updated_us);
    buffer_add_text(out, "<author><name>");
    add_sender(out, sender);
    buffer_add_text(out, "</name></author>\n");
    for (size_t i = 0; i < count; i++) {
        add_entry(out, &alerts[i]);
    }
    buffer_add_text(out, "</feed>\n");
}
