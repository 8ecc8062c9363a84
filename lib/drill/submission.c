/* SPDX-License-Identifier: Apache-2.0
 * Requests, written without a heap: ten thousand a second come through here. */
#include "drill/submission.h"

#include <stdio.h>

#include "core/case_code.h"
#include "core/clock.h"
#include "drill/dice.h"

enum { BODY_MAX = SUBMISSION_MAX - 512 };
/* Phones: parties from the drill's own place on, strangers from the middle of the range. */
enum { PHONE_RANGE = 1000000000, STRANGERS_FROM = 500000000 };

/* A run of bytes that remembers whether all of it fitted. */
struct writer {
    char *data;
    size_t length, size;
    bool failed;
};

static void put(struct writer *w, const void *data, size_t length)
{
    if (length > w->size - w->length) {
        w->failed = true;
        return;
    }
    memcpy(w->data + w->length, data, length);
    w->length += length;
}

#define PUT(w, literal) put((w), "" literal, sizeof(literal) - 1)

static void put_slice(struct writer *w, struct slice s)
{
    put(w, s.data, s.length);
}

static void put_number(struct writer *w, uint64_t number)
{
    char digits[SLICE_U64_MAX];
    put_slice(w, slice_of_u64(number, digits));
}

/* Four decimals of degrees: eleven metres. */
static void put_degrees(struct writer *w, double degrees)
{
    int64_t scaled = (int64_t)(degrees * 10000.0 + (degrees < 0 ? -0.5 : 0.5));
    uint64_t size = (uint64_t)(scaled < 0 ? -scaled : scaled);
    if (scaled < 0) {
        PUT(w, "-");
    }
    put_number(w, size / 10000);
    char fraction[5] = {'.', (char)('0' + size / 1000 % 10), (char)('0' + size / 100 % 10),
                        (char)('0' + size / 10 % 10), (char)('0' + size % 10)};
    put(w, fraction, sizeof(fraction));
}

/* The scenario's texts have no control characters. */
static void put_string(struct writer *w, struct slice text)
{
    PUT(w, "\"");
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\') {
            PUT(w, "\\");
        }
        put(w, text.data + i, 1);
    }
    PUT(w, "\"");
}

static void put_needs(struct writer *w, uint32_t needs)
{
    bool first = true;
    PUT(w, "[");
    for (unsigned i = 0; i < NEED_COUNT; i++) {
        if ((needs & NEED_BIT(i)) != 0) {
            put_slice(w, first ? SLICE("\"") : SLICE(",\""));
            put_slice(w, vocabulary_name(&vocabulary_need, i));
            PUT(w, "\"");
            first = false;
        }
    }
    PUT(w, "]");
}

struct slice submission_phone(uint32_t drill, uint32_t party, bool stranger, char text[SUBMISSION_PHONE_SIZE])
{
    uint32_t place = (uint32_t)(dice_bits(drill, DICE_PHONE, 0) % STRANGERS_FROM);
    uint32_t number = (place + party) % STRANGERS_FROM + (stranger ? STRANGERS_FROM : 0);
    int length = snprintf(text, SUBMISSION_PHONE_SIZE, "+10%09u", number % PHONE_RANGE);
    return slice_make(text, (size_t)length);
}

bool submission_has_phone(const struct scenario *scenario, uint64_t seed, uint32_t party)
{
    return dice_unit(seed, DICE_PHONE, party) < scenario->phones;
}

static void put_location(struct writer *w, const struct submission_frame *frame, uint32_t party, uint32_t index,
                         bool named)
{
    const struct scenario *s = frame->scenario;
    uint64_t seed = frame->roll->seed;
    const struct scenario_place *place =
        &s->places[scenario_pick(s->places, s->place_count, sizeof(*s->places), dice_unit(seed, DICE_PLACE, party))];
    double north = (dice_unit(seed, DICE_NORTH, index) - 0.5) * 0.1; /* about five kilometres each way */
    double east = (dice_unit(seed, DICE_EAST, index) - 0.5) * 0.1;
    double lat = place->lat + north;
    double lon = place->lon + east;
    PUT(w, ",\"location\":{\"lat\":");
    put_degrees(w, lat > 90 ? 90 : lat < -90 ? -90 : lat);
    PUT(w, ",\"lon\":");
    put_degrees(w, lon > 180 ? 180 : lon < -180 ? -180 : lon);
    if (named) {
        PUT(w, ",\"place\":");
        put_string(w, place->name);
    }
    PUT(w, "}");
}

/* "Exercise" is everybody's family name: whoever sees one anywhere knows it. */
static void put_member(struct writer *w, uint64_t seed, uint32_t party, unsigned member)
{
    static const char *const given[] = {"Alpha", "Bravo",  "Charlie", "Delta", "Echo", "Foxtrot",  "Golf",  "Hotel",
                                        "India", "Juliet", "Kilo",    "Lima",  "Mike", "November", "Oscar", "Papa"};
    uint64_t which = (uint64_t)party << 4 | member;
    const char *name = given[dice_below(seed, DICE_NAME, which, sizeof(given) / sizeof(given[0]))];
    unsigned year =
        member < 2 ? 1950 + dice_below(seed, DICE_BIRTH, which, 50) : 2006 + dice_below(seed, DICE_BIRTH, which, 14);
    PUT(w, "{\"family_name\":\"Exercise\",\"given_names\":\"");
    put_slice(w, slice_of(name));
    PUT(w, " ");
    put_number(w, party);
    PUT(w, "\",\"birth_date\":\"");
    put_number(w, year);
    PUT(w, "-06-15\"");
}

static void put_registration(struct writer *w, const struct submission_frame *frame, uint32_t index, struct slice id)
{
    const struct roll_record *r = &frame->roll->records[index];
    const struct scenario *s = frame->scenario;
    const struct scenario_household *household = &s->households[r->item];
    uint64_t seed = frame->roll->seed;
    char phone[SUBMISSION_PHONE_SIZE];
    PUT(w, "{\"client_id\":\"");
    put_slice(w, id);
    PUT(w, "\",\"crisis\":\"");
    put_slice(w, frame->crisis);
    PUT(w, "\",\"language\":");
    put_string(w, s->languages[scenario_pick(s->languages, s->language_count, sizeof(*s->languages),
                                             dice_unit(seed, DICE_LANGUAGE, r->party))]
                      .tag);
    PUT(w, ",\"party\":[");
    for (unsigned i = 0; i < household->people; i++) {
        put(w, ",", i > 0 ? 1 : 0);
        put_member(w, seed, r->party, i);
        if (i == 0 && household->needs != 0) {
            PUT(w, ",\"needs\":");
            put_needs(w, household->needs);
        }
        PUT(w, "}");
    }
    PUT(w, "]");
    if (submission_has_phone(s, seed, r->party)) {
        PUT(w, ",\"contacts\":[{\"kind\":\"phone\",\"value\":\"");
        put_slice(w, submission_phone(frame->roll->drill, r->party, false, phone));
        PUT(w, "\",\"primary\":true}]");
    }
    put_location(w, frame, r->party, index, true);
    if (household->has_intent) {
        PUT(w, ",\"intent\":\"");
        put_slice(w, vocabulary_name(&vocabulary_intent, household->intent));
        PUT(w, "\"");
    }
    PUT(w, "}");
}

static void put_check_in(struct writer *w, const struct submission_frame *frame, uint32_t index, struct slice id)
{
    const struct roll_record *r = &frame->roll->records[index];
    const struct scenario_report *report = &frame->scenario->reports[r->item];
    char text[TIME_TEXT_MAX]; /* the longest of what is formatted here */
    PUT(w, "{\"client_id\":\"");
    put_slice(w, id);
    if ((r->flags & ROLL_STRANGER) != 0) {
        PUT(w, "\",\"phone\":\"");
        put_slice(w, submission_phone(frame->roll->drill, r->party, true, text));
    } else {
        PUT(w, "\",\"case\":\"");
        put_slice(w, case_code_format(r->registration_id, text));
    }
    PUT(w, "\",\"status\":\"");
    put_slice(w, vocabulary_name(&vocabulary_check_in_status, report->status));
    PUT(w, "\"");
    if (report->needs != 0) {
        PUT(w, ",\"needs\":");
        put_needs(w, report->needs);
    }
    PUT(w, ",\"people\":");
    put_number(w, r->people);
    if (report->message.length > 0) {
        PUT(w, ",\"message\":");
        put_string(w, report->message);
    }
    put_location(w, frame, r->party, index, false);
    PUT(w, ",\"at\":\"");
    put_slice(w, time_format((int64_t)r->at_s * MICROSECONDS_A_SECOND, text));
    PUT(w, "\"}");
}

static void put_percent(struct writer *w, struct slice text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
        char escaped[3] = {'%', digits[c >> 4], digits[c & 15U]};
        put(w, plain ? (const char *)&text.data[i] : escaped, plain ? 1 : 3);
    }
}

/* As Kannel asks for what a handset sent (docs/gateways.md). */
static void put_text(struct writer *w, const struct submission_frame *frame, uint32_t index, struct slice id)
{
    const struct roll_record *r = &frame->roll->records[index];
    char phone[SUBMISSION_PHONE_SIZE];
    PUT(w, "GET /gateway/");
    put_slice(w, frame->gateway);
    PUT(w, "/messages?secret=");
    put_percent(w, frame->secret);
    PUT(w, "&from=");
    put_percent(w, submission_phone(frame->roll->drill, r->party, (r->flags & ROLL_STRANGER) != 0, phone));
    PUT(w, "&to=8888&id=");
    put_slice(w, id);
    PUT(w, "&ts=");
    put_number(w, r->at_s);
    PUT(w, "&coding=0&charset=UTF-8&text=");
    put_percent(w, frame->scenario->texts[r->item].text);
    PUT(w, " HTTP/1.1\r\nHost: ");
    put_slice(w, frame->host);
    PUT(w, "\r\n\r\n");
}

size_t submission_write(const struct submission_frame *frame, uint32_t index, char *out)
{
    char body[BODY_MAX];
    char id_text[UUID_TEXT_SIZE + 1];
    struct uuid id = roll_client_id(frame->roll, index);
    struct slice id_slice = uuid_format(&id, id_text);
    struct writer request = {out, 0, SUBMISSION_MAX, false};
    struct writer content = {body, 0, sizeof(body), false};
    switch ((enum scenario_kind)frame->roll->records[index].kind) {
    case KIND_TEXT:
        put_text(&request, frame, index, id_slice);
        return request.failed ? 0 : request.length;
    case KIND_REGISTER:
        PUT(&request, "POST /api/v1/registrations HTTP/1.1\r\nHost: ");
        put_registration(&content, frame, index, id_slice);
        break;
    case KIND_CHECK_IN:
    case KIND_COUNT:
        PUT(&request, "POST /api/v1/check-ins HTTP/1.1\r\nHost: ");
        put_check_in(&content, frame, index, id_slice);
        break;
    }
    put_slice(&request, frame->host);
    PUT(&request, "\r\nContent-Type: application/json\r\nContent-Length: ");
    put_number(&request, content.length);
    PUT(&request, "\r\n\r\n");
    put(&request, body, content.length);
    return request.failed || content.failed ? 0 : request.length;
}
