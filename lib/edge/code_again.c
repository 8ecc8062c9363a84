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
#include "store/column.h"
#include "store/derive.h"
#include "store/sealed_row.h"

enum { PARTIES_MAX = 3, TEXT_MAX = 1024, ARENA_MAX = 64 * 1024, SEND_SECONDS = 5, PREFIX6_BYTES = 8 };

/* One text: of how many there is use is not known here. */
struct code_text {
    struct uuid id;
    struct sealed_epoch *epoch;
    struct slice sealed;
};

static const struct code_text *as_text(const void *text)
{
    return text;
}

static struct sealed_epoch *epoch_of(const void *text)
{
    return as_text(text)->epoch;
}

static void on_sent(void *context, const struct pg_answer *answer)
{
    struct edge *edge = context;
    edge->metrics.replies_lost += answer->outcome != PG_COMMITTED ? 1 : 0;
}

/* "{case}" stays as it is: who hands the text over knows whose it is. */
static bool seal(struct edge *edge, struct arena *arena, struct slice crisis, const struct page_language *language,
                 struct code_text texts[PARTIES_MAX])
{
    uint8_t row[SEALED_ROW_SIZE];
    struct buffer words;
    struct epoch_in_force epoch = epochs_current(edge->epochs, crisis);
    buffer_init(&words, TEXT_MAX);
    page_format(&words, language, "sms.code", NULL, 0);
    bool sealed = epoch.keys != NULL && !words.failed;
    for (size_t i = 0; sealed && i < PARTIES_MAX; i++) {
        texts[i] = (struct code_text){.id = uuid_random(), .epoch = epoch.travels};
        struct seal_place place = {"message", "text", sealed_row_uuid(&texts[i].id, row)};
        texts[i].sealed = seal_field(epoch.keys, arena, &place, buffer_slice(&words));
        sealed = texts[i].sealed.data != NULL;
    }
    buffer_release(&words);
    return sealed;
}

#define COLUMN(type, add) COLUMN_OF(struct code_text, type, add)

static void add_texts(struct pg_params *params, const struct code_text texts[PARTIES_MAX])
{
    const void *const records[PARTIES_MAX] = {&texts[0], &texts[1], &texts[2]};
    const size_t count = PARTIES_MAX;
    COLUMN(PG_UUID, pg_add_uuid(params, &r->id));
    COLUMN(PG_UUID, pg_add_uuid(params, &r->epoch->id));
    COLUMN(PG_BYTEA, pg_add_bytea(params, r->sealed));
    sealed_epoch_encode(params, records, count, epoch_of);
}

static bool ask(struct edge *edge, const uint8_t phone_index[BLIND_SIZE], struct slice crisis, struct slice gateway,
                const struct code_text texts[PARTIES_MAX])
{
    struct pg_params params;
    pg_params_init(&params);
    pg_add_bytea(&params, slice_make(phone_index, BLIND_SIZE));
    pg_add_text(&params, crisis);
    pg_add_text_or_null(&params, gateway);
    add_texts(&params, texts);
    bool asked = pg_pool_call(edge->pool, PG_CODES_SEND, &params, NULL,
                              clock_monotonic() + SEND_SECONDS * MICROSECONDS_A_SECOND, on_sent, edge) != NULL;
    pg_params_release(&params);
    return asked;
}

bool code_again_send(struct edge *edge, const uint8_t phone_index[BLIND_SIZE], struct slice crisis,
                     struct slice gateway, struct slice language)
{
    struct arena arena;
    struct code_text texts[PARTIES_MAX];
    const struct page_language *spoken = page_language_find(language);
    if (!pg_pool_is_ready(edge->pool)) {
        return false;
    }
    if (!reply_cap_take_of(&edge->codes, phone_index, clock_monotonic(), CODES_A_NUMBER)) {
        return true;
    }
    arena_init(&arena, ARENA_MAX);
    bool asked = seal(edge, &arena, crisis, spoken != NULL ? spoken : page_language_at(0), texts) &&
                 ask(edge, phone_index, crisis, gateway, texts);
    arena_release(&arena);
    return asked;
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
    if (!code_again_send(edge, phone, crisis->id, SLICE(""), pages_language_tag(exchange))) {
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
