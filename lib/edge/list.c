/* SPDX-License-Identifier: Apache-2.0
 * /list: a warden or an employer sends a list of people. Nothing of it is kept between the pages: the rows travel in them.
 *
 *   POST with a file --not readable--> the form again (422)
 *     \--> the rows as read, good and faulty (200) --"faults"--> a file of the faulty rows
 *            \--"send", "codes"--> STORING (at most SLOTS parties at once) --all told--> codes and secrets (200), as a page or a file
 *                                     \--no room for a row: the rest is left; sent again, what is stored stays as it is
 *
 * A row, or the rows of a family, are stored as a registration is, one class below cries for help whatever they say, few at a time: a list of any length
 * waits for a cry. */
#include <string.h>

#include "core/case_code.h"
#include "domain/place_match.h"
#include "domain/registration_triage.h"
#include "edge/admit.h"
#include "edge/handlers.h"
#include "edge/pages.h"
#include "edge/party_intake.h"
#include "edge/sheet.h"
#include "exchange/csv.h"
#include "net/multipart.h"
#include "page/list.h"
#include "page/text.h"
#include "store/derive.h"

enum {
    SLOTS = 8,
    PARTY_ARENA_MAX = 1024 * 1024,
    FILE_MAX = 2 * 1024 * 1024,
};

enum list_wish { LIST_CHECK, LIST_SEND, LIST_CODES, LIST_FAULTS };

struct listing;

/* One party on its way. */
struct slot {
    struct listing *listing;
    size_t head; /* its first row */
    bool busy;
    struct arena arena; /* the rows as a registration */
    struct registration registration;
    struct party_intake party;
};

struct outcome {
    bool stored;
    int64_t registration_id;
    struct uuid client_id;
    const char *trouble;
};

struct listing {
    struct edge *edge;
    struct http_exchange *exchange;
    const struct page_language *language;
    enum list_wish wish;
    struct form form;
    struct multipart_file file;
    struct sheet sheet;
    struct sheet_context context;
    int64_t received_us;
    struct outcome *outcomes; /* of each row */
    struct slot slots[SLOTS];
    size_t next;  /* row to be started */
    size_t busy;  /* slots */
    bool no_room; /* the rest is left */
    bool via_journal;
};

static struct slice value_of(const struct listing *l, struct slice name)
{
    struct slice value = SLICE("");
    (void)form_find(&l->form, name, &value);
    return slice_trim(value);
}

static const struct crisis_row *crisis_of(const struct listing *l)
{
    return reference_crisis(l->edge->reference, l->context.crisis);
}

/* --- answers --- */

static void respond_file(struct listing *l, struct slice disposition, struct buffer *out)
{
    const struct http_header headers[] = {
        {SLICE("Content-Type"), SLICE("text/csv; charset=utf-8")},
        {SLICE("Content-Disposition"), disposition},
    };
    if (out->failed) {
        pages_respond_error(l->edge, l->exchange, 503, NULL);
    } else {
        http_exchange_respond(l->exchange, 200, headers, 2, buffer_slice(out));
    }
    buffer_release(out);
}

static void respond_faults(struct listing *l)
{
    struct buffer out;
    buffer_init(&out, FILE_MAX);
    sheet_write_faulty(&l->sheet, &out, l->language);
    respond_file(l, SLICE("attachment; filename=\"faults.csv\""), &out);
}

/* Codes and secrets are derived, not kept: whoever sends the same rows under the same id gets the same. */
static void codes_of(struct listing *l, size_t row, struct slice *code, struct slice *secret)
{
    char code_text[CASE_CODE_TEXT_SIZE + 1];
    char secret_text[SECRET_TEXT_SIZE + 1];
    struct arena *arena = http_exchange_arena(l->exchange);
    const struct outcome *outcome = &l->outcomes[row];
    *code = arena_dup(arena, case_code_format(outcome->registration_id, code_text));
    *secret = arena_dup(arena, derive_secret(&l->edge->keys, &outcome->client_id, secret_text));
}

static void respond_codes(struct listing *l)
{
    static const char *const headings[] = {"label.name", "registered.code", "registered.secret"};
    struct buffer out;
    char separator = sheet_separator(l->language);
    buffer_init(&out, FILE_MAX);
    buffer_add_text(&out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++) {
        csv_add_cell(&out, page_text(l->language, headings[i]), i > 0 ? separator : '\0');
    }
    csv_end_row(&out);
    for (size_t i = 0; i < l->sheet.count; i++) {
        struct slice code, secret;
        if (l->outcomes[i].stored) {
            codes_of(l, i, &code, &secret);
            csv_add_cell(&out, sheet_row_name(&l->sheet.rows[i], http_exchange_arena(l->exchange)), '\0');
            csv_add_cell(&out, code, separator);
            csv_add_cell(&out, secret, separator);
            csv_end_row(&out);
        }
    }
    respond_file(l, SLICE("attachment; filename=\"codes.csv\""), &out);
}

static struct list_row_view row_view(struct listing *l, size_t i)
{
    const struct sheet_row *row = &l->sheet.rows[i];
    const struct outcome *outcome = l->outcomes != NULL ? &l->outcomes[i] : NULL;
    struct list_row_view view = {
        .line = row->line,
        .family = sheet_row_family(row),
        .people = row->people,
        .who = sheet_row_name(row, http_exchange_arena(l->exchange)),
        .where = sheet_row_place(row),
        .phone = sheet_row_phone(row),
        .fault = row->fault,
    };
    if (outcome != NULL && outcome->stored) {
        codes_of(l, i, &view.code, &view.secret);
    } else if (outcome != NULL && row->fault.length == 0) {
        view.trouble = outcome->trouble != NULL ? outcome->trouble : "list.not_yet";
    }
    return view;
}

typedef void list_page(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                       const struct form *values, const struct list_view *view);

static void respond_page(struct listing *l, list_page *page, struct slice carried)
{
    struct buffer out;
    char upload[UUID_TEXT_SIZE + 1];
    struct arena *arena = http_exchange_arena(l->exchange);
    struct crisis_view crisis = {.id = l->context.crisis};
    const struct crisis_row *row = crisis_of(l);
    struct page_request request = pages_request(l->exchange, row);
    struct list_row_view *rows = arena_array(arena, l->sheet.count, sizeof(*rows));
    struct list_view view = {
        .rows = rows,
        .count = l->sheet.count,
        .faulty = l->sheet.faulty,
        .via_journal = l->via_journal,
        .guessed = l->sheet.charset == CHARSET_WINDOWS_1252,
        .unknown = l->sheet.unknown,
        .carried = carried,
        .upload = uuid_format(&l->context.upload, upload),
    };
    size_t filled = 0;
    for (size_t i = 0; rows != NULL && i < view.count; i++) {
        view.stored += l->outcomes != NULL && l->outcomes[i].stored ? 1 : 0;
        bool is_head = l->sheet.rows[i].head == i;
        for (size_t at = i; is_head; at = l->sheet.rows[at].next) { /* a party's rows together */
            rows[filled++] = row_view(l, at);
            is_head = l->sheet.rows[at].next != 0;
        }
    }
    if (row != NULL) {
        crisis = pages_crisis_view(row, request.language);
    }
    buffer_init(&out, (size_t)PAGE_MAX * 8);
    out.failed = rows == NULL;
    if (rows != NULL) {
        page(&out, &request, &crisis, &l->form, &view);
    }
    pages_respond(l->exchange, 200, &out);
}

/* --- storing --- */

static void on_drop(void *context)
{
    struct listing *l = context;
    for (size_t i = 0; i < SLOTS; i++) {
        if (l->slots[i].busy) {
            party_intake_forget(&l->slots[i].party);
            arena_release(&l->slots[i].arena);
        }
    }
}

static void send_more(struct listing *l);

static void on_party_told(void *context, const struct party_answer *answer)
{
    static const char *const troubles[] = {
        [PARTY_STORED] = NULL,
        [PARTY_CONFLICT] = "list.conflict",
        [PARTY_REFUSED] = "problem.500.detail",
        [PARTY_AWAY] = "list.not_yet",
    };
    struct slot *slot = context;
    struct listing *l = slot->listing;
    size_t row = slot->head;
    do {
        l->outcomes[row] = (struct outcome){
            .stored = answer->fate == PARTY_STORED,
            .registration_id = answer->registration_id,
            .client_id = slot->registration.client_id,
            .trouble = troubles[answer->fate],
        };
        row = l->sheet.rows[row].next;
    } while (row != 0);
    l->via_journal = l->via_journal || (answer->fate == PARTY_STORED && answer->via_journal);
    l->no_room = l->no_room || answer->fate == PARTY_AWAY;
    arena_release(&slot->arena);
    slot->busy = false;
    l->busy--;
    send_more(l);
}

/* False when there is no room for it now. */
static bool start_party(struct listing *l, struct slot *slot, size_t head)
{
    struct tree *content = NULL;
    const struct crisis_row *crisis = crisis_of(l);
    slot->listing = l;
    slot->head = head;
    arena_init(&slot->arena, PARTY_ARENA_MAX);
    bool started = crisis != NULL && intake_has_room(l->edge, l->edge->registrations, ADMIT_REGISTRATION) &&
                   sheet_party_decode(&l->sheet, head, &l->context, &slot->arena, &slot->registration, &content);
    if (started) {
        place_match_position(&slot->registration.location, reference_gazetteer(l->edge->reference, crisis));
        slot->registration.location.in_danger_zone =
            reference_in_danger_zone(l->edge->reference, crisis, &slot->registration.location);
        slot->party = (struct party_intake){
            .edge = l->edge,
            .registration = &slot->registration,
            .submission = {.channel = CHANNEL_LIST,
                           .language = l->context.language,
                           .received_us = l->received_us,
                           .content = content,
                           .verdict = registration_triage(&crisis->policy, &slot->registration, false, l->received_us)},
            .class = ADMIT_REGISTRATION,
            .done = on_party_told,
            .context = slot,
        };
        started = party_intake_start(&slot->party);
    }
    if (!started) {
        arena_release(&slot->arena);
        return false;
    }
    slot->busy = true;
    l->busy++;
    return true;
}

static bool is_to_be_sent(const struct listing *l, size_t row)
{
    return l->sheet.rows[row].head == row && l->sheet.rows[row].fault.length == 0;
}

/* The last party that is told answers. */
static void send_more(struct listing *l)
{
    for (size_t i = 0; i < SLOTS && !l->no_room; i++) {
        while (l->next < l->sheet.count && !is_to_be_sent(l, l->next)) {
            l->next++;
        }
        if (l->slots[i].busy || l->next == l->sheet.count) {
            continue;
        }
        if (start_party(l, &l->slots[i], l->next)) {
            l->next++;
        } else {
            l->no_room = true;
        }
    }
    if (l->busy > 0) {
        return;
    }
    if (l->wish == LIST_CODES) {
        respond_codes(l);
    } else {
        respond_page(l, page_list_sent, value_of(l, SLICE("rows")));
    }
}

static void start_storing(struct listing *l)
{
    l->outcomes = arena_array(http_exchange_arena(l->exchange), l->sheet.count, sizeof(*l->outcomes));
    if (l->outcomes == NULL) {
        pages_respond_error(l->edge, l->exchange, 503, NULL);
        return;
    }
    http_exchange_on_drop(l->exchange, on_drop, l);
    send_more(l);
}

/* --- what was sent --- */

static void show_form(struct listing *l, const struct field_errors *errors, const char *refusal, size_t number)
{
    struct buffer out;
    const struct crisis_row *crisis = crisis_of(l);
    struct page_request request = pages_request(l->exchange, crisis);
    struct crisis_view view = pages_crisis_view(crisis, request.language);
    buffer_init(&out, PAGE_MAX);
    page_list_form(&out, &request, &view, &l->form, errors, refusal, number);
    pages_respond(l->exchange, 422, &out);
}

static size_t number_of(const struct sheet *sheet)
{
    return strcmp(sheet->refusal, "list.unclosed_quote") == 0 ? sheet->refusal_line
           : strcmp(sheet->refusal, "list.too_large") == 0    ? SHEET_BYTES_MAX / 1024
                                                              : SHEET_ROWS_MAX;
}

/* Who sends it is asked once, for all rows. */
static void check_reporter(const struct listing *l, struct field_errors *errors)
{
    struct reporter reporter = {
        .given = true,
        .name = value_of(l, SLICE("reporter/name")),
        .relation = value_of(l, SLICE("reporter/relation")),
        .phone = value_of(l, SLICE("reporter/phone")),
        .email = value_of(l, SLICE("reporter/email")),
    };
    reporter_validate(&reporter, l->context.country, errors);
}

static bool read_sheet(struct listing *l)
{
    struct field_errors errors = {.count = 0};
    struct slice rows = SLICE("");
    bool carried = l->wish != LIST_CHECK;
    check_reporter(l, &errors);
    if (errors.count > 0) {
        show_form(l, &errors, NULL, 0);
        return false;
    }
    if (!carried && !l->file.given) {
        show_form(l, NULL, "list.no_file", 0);
        return false;
    }
    (void)form_find(&l->form, SLICE("rows"), &rows);
    sheet_read(&l->sheet, http_exchange_arena(l->exchange), carried ? rows : l->file.bytes, carried);
    if (l->sheet.refusal != NULL) {
        show_form(l, NULL, l->sheet.refusal, number_of(&l->sheet));
        return false;
    }
    sheet_judge(&l->sheet, http_exchange_arena(l->exchange), &l->context, l->language);
    return true;
}

static void show_preview(struct listing *l)
{
    struct buffer rows;
    buffer_init(&rows, FILE_MAX);
    sheet_write(&l->sheet, &rows);
    struct slice carried = rows.failed ? SLICE("") : arena_dup(http_exchange_arena(l->exchange), buffer_slice(&rows));
    buffer_release(&rows);
    if (carried.length == 0) {
        pages_respond_error(l->edge, l->exchange, 503, NULL);
        return;
    }
    respond_page(l, page_list_preview, carried);
}

static enum list_wish wish_of(struct slice word)
{
    return slice_equal(word, SLICE("send"))     ? LIST_SEND
           : slice_equal(word, SLICE("codes"))  ? LIST_CODES
           : slice_equal(word, SLICE("faults")) ? LIST_FAULTS
                                                : LIST_CHECK;
}

/* False when it was answered. */
static bool begin(struct listing *l, const struct crisis_row *crisis)
{
    l->wish = wish_of(value_of(l, SLICE("_do")));
    l->context = (struct sheet_context){
        .keys = &l->edge->keys,
        .crisis = arena_dup(http_exchange_arena(l->exchange), crisis->id),
        .country = arena_strdup(http_exchange_arena(l->exchange), crisis->country),
        .today = date_of_time(l->received_us),
        .language = l->language->tag,
        .form = &l->form,
        .upload = uuid_random(),
    };
    if (l->context.country == NULL || l->context.crisis.length == 0) {
        pages_respond_error(l->edge, l->exchange, 503, NULL);
        return false;
    }
    if (l->wish != LIST_CHECK && !uuid_parse(value_of(l, SLICE("upload")), &l->context.upload)) {
        pages_respond_error(l->edge, l->exchange, 400, NULL);
        return false;
    }
    return read_sheet(l);
}

void edge_handle_list_form(struct http_exchange *exchange, void *role)
{
    struct edge *edge = role;
    struct arena *arena = http_exchange_arena(exchange);
    const struct http_request *request = http_exchange_request(exchange);
    struct listing *l = arena_alloc(arena, sizeof(*l));
    if (l == NULL || !reference_is_known(edge->reference)) {
        pages_respond_error(edge, exchange, 503, NULL);
        return;
    }
    *l = (struct listing){
        .edge = edge, .exchange = exchange, .language = pages_language(exchange), .received_us = request->received_us};
    if (!multipart_parse(arena, http_request_header(request, SLICE("Content-Type")), request->body, &l->form,
                         &l->file)) {
        pages_respond_error(edge, exchange,
                            http_request_media_type_is(request, SLICE("multipart/form-data")) ? 400 : 415, NULL);
        return;
    }
    const struct crisis_row *crisis = reference_crisis(edge->reference, value_of(l, SLICE("crisis")));
    if (crisis == NULL) {
        pages_respond_error(edge, exchange, 400, NULL);
        return;
    }
    if (!begin(l, crisis)) {
        return; /* answered */
    }
    switch (l->wish) {
    case LIST_CHECK:
        show_preview(l);
        return;
    case LIST_FAULTS:
        respond_faults(l);
        return;
    case LIST_SEND:
    case LIST_CODES:
        start_storing(l);
        return;
    }
}

void edge_handle_list_template(struct http_exchange *exchange, void *role)
{
    struct listing l = {.edge = role, .exchange = exchange};
    struct buffer out;
    buffer_init(&out, FILE_MAX);
    sheet_write_template(&out, pages_language(exchange));
    respond_file(&l, SLICE("attachment; filename=\"list.csv\""), &out);
}
