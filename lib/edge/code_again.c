/* SPDX-License-Identifier: Apache-2.0
 * Texts sealed for whoever there is; and the page that asks for them. */
#include "edge/code_again.h"

#include <arpa/inet.h>
#include <string.h>

#include "domain/field_check.h"
#include "domain/phone.h"
#include "domain/registration.h"
#include "edge/handlers.h"
#include "edge/pages.h"
#include "edge/refusal.h"
#include "edge/submitted.h"
#include "page/citizen.h"
#include "page/code_again.h"
#include "page/text.h"
#include "store/code_request.h"
#include "store/derive.h"
#include "store/sealed_row.h"

enum { TEXT_MAX = 1024, SEND_SECONDS = 5, PREFIX6_BYTES = 8 };

static void on_sent(void *context, const struct pg_answer *answer)
{
    struct edge *edge = context;
    edge->metrics.replies_lost += answer->outcome != PG_COMMITTED ? 1 : 0;
}

/* Who asks by text gets no more texts than asked for: their ids come from the message's. */
static bool name_text(struct edge *edge, const struct uuid *asker, size_t number, struct uuid *id)
{
    char text[UUID_TEXT_SIZE + 1];
    char digits[SLICE_U64_MAX];
    if (asker == NULL) {
        *id = uuid_random();
        return true;
    }
    return derive_message_id(&edge->keys, SLICE("code"), uuid_format(asker, text), slice_of_u64(number, digits),
                             SLICE("text"), id);
}

/* "{case}" stays as it is: who hands the text over knows whose it is. */
static bool seal(struct edge *edge, struct code_request *request, const struct page_language *language,
                 const struct uuid *asker)
{
    uint8_t row[SEALED_ROW_SIZE];
    struct buffer words;
    struct epoch_in_force epoch = epochs_current(edge->epochs, request->crisis);
    buffer_init(&words, TEXT_MAX);
    page_format(&words, language, "sms.code", NULL, 0);
    bool sealed = epoch.keys != NULL && !words.failed;
    request->epoch = sealed ? sealed_epoch_take(epoch.travels) : NULL;
    for (size_t i = 0; sealed && i < CODE_TEXTS; i++) {
        struct code_text *text = &request->texts[i];
        sealed = name_text(edge, asker, i, &text->id);
        struct seal_place place = {"message", "text", sealed_row_uuid(&text->id, row)};
        text->sealed = sealed ? seal_field(epoch.keys, &request->arena, &place, buffer_slice(&words)) : SLICE("");
        sealed = sealed && text->sealed.data != NULL;
    }
    buffer_release(&words);
    return sealed;
}

/* NULL when memory is out, or there is no key to seal with. */
static struct code_request *make(struct edge *edge, const uint8_t phone_index[BLIND_SIZE], struct slice crisis,
                                 struct slice gateway, struct slice language, const struct uuid *asker)
{
    const struct page_language *spoken = page_language_find(language);
    struct code_request *request = code_request_new();
    if (request == NULL) {
        return NULL;
    }
    memcpy(request->phone_index, phone_index, BLIND_SIZE);
    request->crisis = arena_dup(&request->arena, crisis);
    request->gateway = arena_dup(&request->arena, gateway);
    request->asked_us = clock_now(&edge->clock);
    if (!seal(edge, request, spoken != NULL ? spoken : page_language_at(0), asker) || request->arena.failed) {
        code_request_free(request);
        return NULL;
    }
    return request;
}

static bool ask(struct edge *edge, const struct code_request *request)
{
    struct pg_params params;
    pg_params_init(&params);
    pg_add_bytea(&params, slice_make(request->phone_index, BLIND_SIZE));
    pg_add_text(&params, request->crisis);
    pg_add_text_or_null(&params, request->gateway);
    code_request_add_texts(&params, request);
    bool asked = pg_pool_call(edge->pool, PG_CODES_SEND, &params, NULL,
                              clock_monotonic() + SEND_SECONDS * MICROSECONDS_A_SECOND, on_sent, edge) != NULL;
    pg_params_release(&params);
    return asked;
}

static bool may_ask(struct edge *edge, const uint8_t phone_index[BLIND_SIZE])
{
    return reply_cap_take_of(&edge->codes, phone_index, clock_monotonic(), CODES_A_NUMBER);
}

bool code_again_send(struct edge *edge, const uint8_t phone_index[BLIND_SIZE], struct slice crisis,
                     struct slice gateway, struct slice language, const struct uuid *asker)
{
    if (!pg_pool_is_ready(edge->pool)) {
        return false;
    }
    if (!may_ask(edge, phone_index)) {
        return true;
    }
    struct code_request *request = make(edge, phone_index, crisis, gateway, language, asker);
    bool asked = request != NULL && ask(edge, request);
    code_request_free(request);
    return asked;
}

struct intake_ticket *code_again_keep(struct edge *edge, const uint8_t phone_index[BLIND_SIZE], struct slice crisis,
                                      struct slice gateway, struct slice language, const struct uuid *asker,
                                      intake_done *done, void *context)
{
    struct code_request *request =
        may_ask(edge, phone_index) ? make(edge, phone_index, crisis, gateway, language, asker) : NULL;
    return request != NULL ? intake_code(edge, request, done, context) : NULL;
}

/* --- the page --- */

/* Of an IPv6 address the half that a line has for itself. */
static void index_of_peer(const struct edge *edge, const struct sockaddr_storage *peer, uint8_t index[BLIND_SIZE])
{
    char text[INET6_ADDRSTRLEN] = "";
    if (peer->ss_family == AF_INET) {
        (void)inet_ntop(AF_INET, &((const struct sockaddr_in *)peer)->sin_addr, text, sizeof(text));
    } else if (peer->ss_family == AF_INET6) {
        struct in6_addr address = ((const struct sockaddr_in6 *)peer)->sin6_addr;
        memset(address.s6_addr + PREFIX6_BYTES, 0, sizeof(address.s6_addr) - PREFIX6_BYTES);
        (void)inet_ntop(AF_INET6, &address, text, sizeof(text));
    }
    derive_phone_index(&edge->keys, slice_of(text), index);
}

static void show_asked(struct edge *edge, struct http_exchange *exchange, const struct crisis_row *crisis)
{
    struct buffer out;
    struct page_request request = pages_request(exchange, crisis);
    struct crisis_view view = pages_crisis_view(crisis, request.language);
    (void)edge;
    buffer_init(&out, PAGE_MAX);
    page_code_asked(&out, &request, &view);
    pages_respond(exchange, 200, &out);
}

static void ask_for(struct edge *edge, struct http_exchange *exchange, const struct crisis_row *crisis,
                    const char e164[PHONE_E164_SIZE])
{
    uint8_t peer[BLIND_SIZE];
    uint8_t phone[BLIND_SIZE];
    index_of_peer(edge, &http_exchange_request(exchange)->peer, peer);
    if (!reply_cap_take_of(&edge->code_addresses, peer, clock_monotonic(), CODES_AN_ADDRESS)) {
        pages_respond_error(edge, exchange, 429, NULL);
        return;
    }
    derive_phone_index(&edge->keys, slice_of(e164), phone);
    if (!code_again_send(edge, phone, crisis->id, SLICE(""), pages_language_tag(exchange), NULL)) {
        pages_respond_error(edge, exchange, 503, NULL);
        return;
    }
    show_asked(edge, exchange, crisis);
}

void edge_handle_code_form(struct http_exchange *exchange, void *role)
{
    struct edge *edge = role;
    struct field_errors errors = {.count = 0};
    struct submitted submitted;
    struct slice named = SLICE("");
    struct slice phone = SLICE("");
    char e164[PHONE_E164_SIZE];
    if (!submitted_read(&submitted, exchange, true, &errors)) {
        return; /* answered */
    }
    errors.count = 0;
    (void)form_find(&submitted.form, SLICE("crisis"), &named);
    (void)form_find(&submitted.form, SLICE("phone"), &phone);
    const struct crisis_row *crisis = reference_crisis(edge->reference, slice_trim(named));
    if (crisis == NULL) {
        pages_respond_error(edge, exchange, reference_is_known(edge->reference) ? 400 : 503, NULL);
        return;
    }
    if (field_check_is_blank(phone)) {
        field_check_missing("phone", &errors);
    } else if (field_check_line(phone, SHORT_TEXT_MAX_CHARACTERS, "phone", &errors) &&
               !phone_normalise(phone, crisis->country.data, e164)) {
        field_error_add(&errors, FIELD_NOT_A_PHONE, "phone");
    }
    if (errors.count > 0) {
        pages_respond_form(edge, exchange, PAGE_OF_CODE, &submitted.form, &errors);
        return;
    }
    ask_for(edge, exchange, crisis, e164);
}
