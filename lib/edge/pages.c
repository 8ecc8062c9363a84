/* SPDX-License-Identifier: Apache-2.0
 * The citizen's pages by GET, and what their POSTs show on refusal. */
#include "edge/pages.h"

#include "core/json_text.h"
#include "edge/handlers.h"
#include "edge/kept.h"
#include "edge/refusal.h"
#include "page/asset.h"
#include "page/citizen.h"
#include "page/code_again.h"
#include "page/encoding.h"
#include "page/helper.h"
#include "page/list.h"

const struct page_language *pages_language(struct http_exchange *exchange)
{
    const struct http_request *request = http_exchange_request(exchange);
    struct slice asked = SLICE("");
    (void)http_request_query(request, http_exchange_arena(exchange), SLICE("lang"), &asked);
    return page_language_negotiate(asked, http_request_header(request, SLICE("Accept-Language")));
}

struct slice pages_language_tag(struct http_exchange *exchange)
{
    return pages_language(exchange)->tag;
}

struct page_request pages_request(struct http_exchange *exchange, const struct crisis_row *crisis)
{
    const struct http_request *request = http_exchange_request(exchange);
    struct slice named = SLICE("");
    bool names = http_request_query(request, http_exchange_arena(exchange), SLICE("crisis"), &named) && crisis != NULL;
    return (struct page_request){
        .arena = http_exchange_arena(exchange),
        .language = pages_language(exchange),
        .path = request->path,
        .crisis = names ? crisis->id : SLICE(""),
        .now_us = request->received_us,
    };
}

struct crisis_view pages_crisis_view(const struct crisis_row *crisis, const struct page_language *language)
{
    struct slice message = translated_text(&crisis->message, language->tag);
    return (struct crisis_view){
        .id = crisis->id,
        .country_code = crisis->country,
        .country_name = translated_text(&crisis->name, language->tag),
        .post_name = crisis->post_name,
        .posture = crisis->posture,
        .advisory_level = crisis->advisory_level,
        .routine_services = crisis->routine_services,
        .emergency_services = crisis->emergency_services,
        .routine_elsewhere = crisis->routine_elsewhere,
        .emergency_elsewhere = crisis->emergency_elsewhere,
        .evacuation = crisis->evacuation,
        .message = message,
        .message_language = language->tag,
        .updated_at_us = crisis->updated_us,
    };
}

const struct crisis_row *pages_crisis(const struct edge *edge, struct http_exchange *exchange,
                                      const struct form *values)
{
    struct slice named = SLICE("");
    if ((values != NULL && form_find(values, SLICE("crisis"), &named)) ||
        http_request_query(http_exchange_request(exchange), http_exchange_arena(exchange), SLICE("crisis"), &named)) {
        const struct crisis_row *crisis = reference_crisis(edge->reference, named);
        if (crisis != NULL) {
            return crisis;
        }
    }
    return reference_only_crisis(edge->reference);
}

/* A page's script that sent a form asks for JSON and names the message: the answer names it too, so that a page of somebody else's, in our place, is
 * not taken for a receipt. */
static bool is_told_by_name(const struct http_request *request, unsigned status, struct uuid *id)
{
    return request->method == HTTP_POST && status < 500 &&
           slice_equal(http_request_header(request, SLICE("Accept")), SLICE("application/json")) &&
           uuid_parse(http_request_header(request, SLICE("Idempotency-Key")), id);
}

/* {"receipt": ..., "at": ..., "page": ...} in place of the page; "refused" when it was not stored. */
static void name_message(struct http_exchange *exchange, unsigned status, const struct uuid *id, struct buffer *out)
{
    char text[UUID_TEXT_SIZE + 1];
    char at[TIME_TEXT_MAX];
    struct buffer json;
    buffer_init(&json, (size_t)PAGE_MAX * 2);
    buffer_printf(&json, "{\"%s\":\"%.*s\",\"at\":\"%.*s\",\"page\":", status < 300 ? "receipt" : "refused",
                  SLICE_ARGS(uuid_format(id, text)),
                  SLICE_ARGS(time_format(http_exchange_request(exchange)->received_us, at)));
    json_text_add(&json, buffer_slice(out));
    buffer_add_byte(&json, '}');
    json.failed = json.failed || out->failed;
    buffer_release(out);
    *out = json;
}

static struct slice media_type_of(struct http_exchange *exchange, unsigned status, struct buffer *out)
{
    struct uuid id;
    if (!is_told_by_name(http_exchange_request(exchange), status, &id)) {
        return SLICE("text/html; charset=utf-8");
    }
    name_message(exchange, status, &id, out);
    return SLICE("application/json");
}

/* Back and Forward show it again from the browser's own memory, with what was typed into it, and ask nobody (RFC 9111 section 6: a history list is no
 * cache); any other way to it asks us. */
static const struct http_header for_history = {SLICE_INIT("Cache-Control"), SLICE_INIT("private, no-cache")};
static const struct http_header for_nobody = {SLICE_INIT("Cache-Control"), SLICE_INIT("no-store")};

static void respond_as(struct http_exchange *exchange, unsigned status, struct slice media_type, bool typed,
                       struct buffer *out)
{
    const struct http_header headers[] = {
        {SLICE("Content-Type"), media_type},
        {SLICE("Vary"), SLICE("Accept-Language")},
        typed ? for_history : for_nobody,
    };
    const struct http_header retry[] = {
        {SLICE("Content-Type"), media_type},
        {SLICE("Retry-After"), SLICE("10")},
    };
    if (out->failed) {
        edge_refuse(exchange, 503);
    } else {
        http_exchange_respond(exchange, status, status == 503 ? retry : headers, status == 503 ? 2 : 3,
                              buffer_slice(out));
    }
    buffer_release(out);
}

void pages_respond(struct http_exchange *exchange, unsigned status, struct buffer *out)
{
    struct slice media_type = media_type_of(exchange, status, out);
    respond_as(exchange, status, media_type, false, out);
}

static void respond_typed(struct http_exchange *exchange, unsigned status, struct buffer *out)
{
    struct slice media_type = media_type_of(exchange, status, out);
    respond_as(exchange, status, media_type, true, out);
}

void pages_respond_to_all(struct edge *edge, struct http_exchange *exchange, struct buffer *out)
{
    if (out->failed ||
        !kept_pages_respond(edge->kept, exchange, SLICE("text/html; charset=utf-8"), buffer_slice(out))) {
        pages_respond(exchange, 200, out);
        return;
    }
    buffer_release(out);
}

/* Nothing in the query but what comes from our own lists. */
static bool says_nothing(const struct form *values)
{
    for (size_t i = 0; values != NULL && i < values->count; i++) {
        struct slice name = values->pairs[i].name;
        if (!slice_equal(name, SLICE("lang")) && !slice_equal(name, SLICE("crisis")) &&
            !slice_equal(name, SLICE("status"))) {
            return false;
        }
    }
    return true;
}

void pages_respond_once(struct http_exchange *exchange, unsigned status, struct buffer *out)
{
    struct buffer small;
    struct slice accepted = http_request_header(http_exchange_request(exchange), SLICE("Accept-Encoding"));
    enum page_encoding encoding = page_encoding_negotiate(accepted);
    buffer_init(&small, PAGE_MAX);
    struct slice media_type = media_type_of(exchange, status, out);
    if (out->failed || encoding == PAGE_PLAIN || !page_encode(&small, encoding, PAGE_EFFORT_ONE, buffer_slice(out))) {
        respond_as(exchange, status, media_type, true, out);
    } else {
        const struct http_header headers[] = {
            {SLICE("Content-Type"), media_type},
            {SLICE("Vary"), SLICE("Accept-Language, Accept-Encoding")},
            {SLICE("Content-Encoding"), page_encoding_name(encoding)},
            for_history,
        };
        http_exchange_respond(exchange, status, headers, 4, buffer_slice(&small));
        buffer_release(out);
    }
    buffer_release(&small);
}

void pages_respond_error(struct edge *edge, struct http_exchange *exchange, unsigned status, const char *detail_key)
{
    struct buffer out;
    struct page_request request = pages_request(exchange, NULL);
    const struct crisis_row *crisis = pages_crisis(edge, exchange, NULL);
    struct crisis_view view;
    if (crisis != NULL) {
        view = pages_crisis_view(crisis, request.language);
    }
    buffer_init(&out, PAGE_MAX);
    page_error(&out, &request, crisis != NULL ? &view : NULL, status, detail_key);
    pages_respond(exchange, status, &out);
}

static void status_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                        const struct form *values, const struct field_errors *errors)
{
    page_status_form(out, request, crisis, values, errors, false);
}

static void helper_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                        const struct form *values, const struct field_errors *errors)
{
    page_helper_form(out, request, crisis, values, errors, NULL);
}

static void list_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                      const struct form *values, const struct field_errors *errors)
{
    page_list_form(out, request, crisis, values, errors, NULL, 0);
}

typedef void form_writer(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                         const struct form *values, const struct field_errors *errors);

static void show_form(struct edge *edge, struct http_exchange *exchange, form_writer *write, bool needs_crisis,
                      const struct form *values, const struct field_errors *errors)
{
    struct buffer out;
    struct crisis_view view;
    const struct crisis_row *crisis = pages_crisis(edge, exchange, values);
    struct page_request request = pages_request(exchange, crisis);
    if (slice_equal(request.path, SLICE("/place"))) {
        request.path = SLICE("/check-in"); /* where the links to other languages lead */
    }
    if (crisis == NULL && needs_crisis) {
        edge_handle_home_page(exchange, edge); /* a choice of country */
        return;
    }
    if (crisis != NULL) {
        view = pages_crisis_view(crisis, request.language);
    }
    buffer_init(&out, PAGE_MAX);
    write(&out, &request, crisis != NULL ? &view : NULL, values, errors);
    if (errors == NULL && says_nothing(values)) {
        pages_respond_once(exchange, 200, &out);
        return;
    }
    respond_typed(exchange, errors != NULL && errors->count > 0 ? 422 : 200, &out);
}

/* The page of each form, and whether it makes sense only for a certain crisis. */
static const struct {
    form_writer *write;
    bool needs_crisis;
} forms[] = {
    [PAGE_OF_REGISTER] = {page_register_form, true}, /* all questions at once, as a program sends them */
    [PAGE_OF_CHECK_IN] = {page_check_in_form, false}, [PAGE_OF_FIND] = {page_find_form, true},
    [PAGE_OF_HELPER] = {helper_form, true},           [PAGE_OF_CODE] = {page_code_form, true},
};

void pages_respond_form(struct edge *edge, struct http_exchange *exchange, enum form_page page,
                        const struct form *values, const struct field_errors *errors)
{
    show_form(edge, exchange, forms[page].write, forms[page].needs_crisis, values, errors);
}

/* GET with the query as the form's first values (?status=need_help). */
static void show_fresh_form(struct edge *edge, struct http_exchange *exchange, form_writer *write, bool needs_crisis)
{
    struct form values = {.count = 0};
    if (!reference_is_known(edge->reference)) {
        pages_respond_error(edge, exchange, 503, NULL);
        return;
    }
    bool parsed = form_parse(http_exchange_arena(exchange), http_exchange_request(exchange)->query, &values);
    show_form(edge, exchange, write, needs_crisis, parsed ? &values : NULL, NULL);
}

static void first_question(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                           const struct form *values, const struct field_errors *errors)
{
    const struct register_step_view view = {
        .stage = {PAGE_STEP_NAME, 0}, .values = values, .errors = errors, .people = 1};
    page_register_step(out, request, crisis, &view);
}

void edge_handle_register_page(struct http_exchange *exchange, void *role)
{
    show_fresh_form(role, exchange, first_question, true);
}

void edge_handle_register_all_page(struct http_exchange *exchange, void *role)
{
    show_fresh_form(role, exchange, page_register_form, true);
}

void edge_handle_check_in_page(struct http_exchange *exchange, void *role)
{
    show_fresh_form(role, exchange, page_check_in_form, false);
}

void edge_handle_find_page(struct http_exchange *exchange, void *role)
{
    show_fresh_form(role, exchange, page_find_form, true);
}

void edge_handle_helper_page(struct http_exchange *exchange, void *role)
{
    show_fresh_form(role, exchange, helper_form, true);
}

void edge_handle_list_page(struct http_exchange *exchange, void *role)
{
    show_fresh_form(role, exchange, list_form, true);
}

void edge_handle_code_page(struct http_exchange *exchange, void *role)
{
    show_fresh_form(role, exchange, page_code_form, true);
}

void edge_handle_status_page(struct http_exchange *exchange, void *role)
{
    show_fresh_form(role, exchange, status_form, false);
}

void edge_handle_home_page(struct http_exchange *exchange, void *role)
{
    const struct edge *edge = role;
    struct buffer out;
    size_t count = 0;
    const struct crisis_row *crisis = pages_crisis(edge, exchange, NULL);
    const struct crisis_row *rows = reference_crises(edge->reference, &count);
    struct page_request request = pages_request(exchange, crisis);
    if (!reference_is_known(edge->reference)) {
        pages_respond_error(role, exchange, 503, NULL);
        return;
    }
    buffer_init(&out, PAGE_MAX);
    if (crisis != NULL) {
        struct crisis_view view = pages_crisis_view(crisis, request.language);
        view.assembly = reference_assembly(edge->reference, &view.assembly_count);
        page_home(&out, &request, &view);
    } else {
        struct crisis_view *views = arena_array(request.arena, count, sizeof(*views));
        for (size_t i = 0; views != NULL && i < count; i++) {
            views[i] = pages_crisis_view(&rows[i], request.language);
        }
        out.failed = views == NULL;
        if (views != NULL) {
            page_choose(&out, &request, views, count);
        }
    }
    pages_respond_to_all(role, exchange, &out);
}

typedef void text_writer(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis);

static void show_text(struct edge *edge, struct http_exchange *exchange, text_writer *write)
{
    struct buffer out;
    struct crisis_view view;
    const struct crisis_row *crisis = pages_crisis(edge, exchange, NULL);
    struct page_request request = pages_request(exchange, crisis);
    if (crisis != NULL) {
        view = pages_crisis_view(crisis, request.language);
    }
    buffer_init(&out, PAGE_MAX);
    write(&out, &request, crisis != NULL ? &view : NULL);
    pages_respond_to_all(edge, exchange, &out);
}

void edge_handle_alerts_page(struct http_exchange *exchange, void *role)
{
    struct edge *edge = role;
    if (!reference_is_known(edge->reference)) {
        pages_respond_error(edge, exchange, 503, NULL);
    } else if (pages_crisis(edge, exchange, NULL) == NULL) {
        edge_handle_home_page(exchange, role); /* a choice of country */
    } else {
        show_text(edge, exchange, page_alerts);
    }
}

void edge_handle_privacy_page(struct http_exchange *exchange, void *role)
{
    show_text(role, exchange, page_privacy);
}

/* An asset by its path: the scripts and maps of the pages. The page's script is the service worker too: at the root, which is what the
 * latter may speak for. */
void edge_handle_asset(struct http_exchange *exchange, void *role)
{
    const struct edge *edge = role;
    struct slice path = http_exchange_request(exchange)->path;
    const struct page_asset *asset = page_asset_find(slice_sub(path, 1, path.length));
    if (asset == NULL || !kept_pages_respond(edge->kept, exchange, asset->media_type, asset->bytes)) {
        edge_refuse(exchange, 503);
    }
}

/* A program gets a problem; a person, a page. */
void edge_handle_not_found(struct http_exchange *exchange, void *role)
{
    struct slice path = http_exchange_request(exchange)->path;
    if (slice_starts_with(path, SLICE("/api/")) || slice_starts_with(path, SLICE("/gateway/"))) {
        edge_refuse(exchange, 404);
    } else {
        pages_respond_error(role, exchange, 404, NULL);
    }
}

/* RFC 9116. The address is the operator's to change; until then, who runs the service is who publishes it. */
void edge_handle_security_txt(struct http_exchange *exchange, void *role)
{
    (void)role;
    http_exchange_respond_simple(exchange, 200, SLICE("text/plain; charset=utf-8"),
                                 SLICE("Contact: mailto:security@localhost\nExpires: 2030-01-01T00:00:00Z\n"
                                       "Preferred-Languages: en, fr\n"));
}

const char *pages_security_policy(void)
{
    return page_csp();
}
