/* SPDX-License-Identifier: Apache-2.0
 * From one question to the next: page_stage_move says where, this shows it. */
#include "edge/steps.h"

#include "domain/phone.h"
#include "domain/place_match.h"
#include "edge/answers.h"
#include "edge/handlers.h"
#include "edge/pages.h"
#include "page/citizen.h"

struct showing {
    struct edge *edge;
    struct http_exchange *exchange;
    const struct form *form;
    const struct crisis_row *crisis;
};

static bool begin(struct showing *showing, struct edge *edge, struct http_exchange *exchange, const struct form *form)
{
    *showing = (struct showing){edge, exchange, form, pages_crisis(edge, exchange, form)};
    if (showing->crisis == NULL) {
        edge_handle_home_page(exchange, edge); /* a choice of country */
    }
    return showing->crisis != NULL;
}

/* Compressed: it holds what its own request brought, and browsers add nothing to a request that strangers could not; so there is no
 * secret beside a stranger's words (see decision 0021). */
static void show(const struct showing *s, struct page_stage stage, const struct field_errors *errors,
                 struct slice phone)
{
    struct buffer out;
    struct page_request request = pages_request(s->exchange, s->crisis);
    struct crisis_view crisis = pages_crisis_view(s->crisis, request.language);
    bool checking = slice_equal(answers_get(s->form, "_then"), SLICE("check")) && stage.step != PAGE_STEP_CHECK;
    const struct register_step_view view = {
        .stage = stage,
        .checking = checking,
        .sent = true,
        .values = s->form,
        .errors = errors,
        .people = answers_people(s->form),
        .phone = phone,
    };
    request.path = SLICE("/register");
    buffer_init(&out, PAGE_MAX);
    page_register_step(&out, &request, &crisis, &view);
    pages_respond_once(s->exchange, errors != NULL && errors->count > 0 ? 422 : 200, &out);
}

static void keep_own(const struct field_errors *errors, struct page_stage stage, struct field_errors *own)
{
    own->count = 0;
    own->dropped = 0;
    for (size_t i = 0; i < errors->count; i++) {
        if (page_stage_equal(page_stage_of(slice_of(errors->items[i].path)), stage)) {
            own->items[own->count++] = errors->items[i];
        }
    }
}

/* True when it was answered with what the place may be. */
static bool asks_which(const struct showing *s)
{
    struct place_match match;
    struct slice names[PLACE_CHOICES_MAX];
    struct slice typed = answers_get(s->form, "location/place");
    place_match(typed, reference_gazetteer(s->edge->reference, s->crisis), &match);
    if (match.finding != PLACE_IS_DOUBTFUL || answers_get(s->form, "location/lat").length > 0) {
        return false;
    }
    for (size_t i = 0; i < match.count; i++) {
        names[i] = slice_of(match.choices[i]->name);
    }
    struct buffer out;
    struct page_request request = pages_request(s->exchange, s->crisis);
    struct crisis_view crisis = pages_crisis_view(s->crisis, request.language);
    const struct place_choices_view view = {.typed = typed, .names = names, .count = match.count};
    buffer_init(&out, PAGE_MAX);
    page_place_choices(&out, &request, &crisis, s->form, &view);
    pages_respond_once(s->exchange, 200, &out);
    return true;
}

/* The place that was chosen goes into the words, where the rules find it again. False when memory is out. */
static bool take_choice(const struct showing *s, struct form *form, struct slice choice)
{
    struct arena *arena = http_exchange_arena(s->exchange);
    struct slice place = place_match_chosen(arena, answers_get(form, "location/place"), choice,
                                            reference_gazetteer(s->edge->reference, s->crisis));
    return place.data != NULL && answers_set(arena, form, SLICE("location/place"), place);
}

static struct slice shown_phone(const struct showing *s, const struct registration *registration,
                                char shown[PHONE_SHOWN_SIZE])
{
    if (registration->contact_count == 0 || registration->contacts[0].e164[0] == '\0') {
        return SLICE("");
    }
    (void)phone_show(slice_of(registration->contacts[0].e164), s->crisis->country.data, shown);
    return slice_of(shown);
}

bool steps_go_on(const struct form *form)
{
    return answers_get(form, "_go").length > 0;
}

void steps_answer(struct edge *edge, struct http_exchange *exchange, struct form *form,
                  const struct registration *registration, const struct field_errors *errors)
{
    struct page_stage stage;
    struct page_stage to;
    struct field_errors own;
    struct slice choice;
    struct showing s;
    char phone[PHONE_SHOWN_SIZE];
    if (!begin(&s, edge, exchange, form)) {
        return;
    }
    (void)page_stage_read(answers_get(form, "_step"), &stage);
    enum page_go go = page_go_read(answers_get(form, "_go"), &to);
    bool onward = (go == PAGE_GO_NEXT || go == PAGE_GO_ADD) && stage.step != PAGE_STEP_CHECK;
    keep_own(errors, stage, &own);
    if (onward && own.count > 0) {
        show(&s, stage, &own, SLICE(""));
        return;
    }
    bool asked = form_find(form, SLICE("_choice"), &choice);
    if (onward && stage.step == PAGE_STEP_WHERE && asked && !take_choice(&s, form, choice)) {
        pages_respond_error(edge, exchange, 503, NULL);
        return;
    }
    if (onward && stage.step == PAGE_STEP_WHERE && !asked && asks_which(&s)) {
        return;
    }
    bool checking = answers_get(form, "_then").length > 0;
    struct page_stage next = page_stage_move(stage, go, to, answers_people(form), checking);
    if (stage.step == PAGE_STEP_CHECK && go == PAGE_GO_TO &&
        !answers_set(http_exchange_arena(exchange), form, SLICE("_then"), SLICE("check"))) {
        pages_respond_error(edge, exchange, 503, NULL);
        return;
    }
    show(&s, next, NULL, shown_phone(&s, registration, phone));
}

bool steps_refuse(struct edge *edge, struct http_exchange *exchange, const struct form *form,
                  const struct field_errors *errors)
{
    struct page_stage stage;
    struct field_errors own;
    struct showing s;
    if (answers_get(form, "_step").length == 0 || errors->count == 0) {
        return false;
    }
    if (!begin(&s, edge, exchange, form)) {
        return true;
    }
    stage = page_stage_of(slice_of(errors->items[0].path));
    keep_own(errors, stage, &own);
    show(&s, stage, &own, SLICE(""));
    return true;
}

void steps_show(struct edge *edge, struct http_exchange *exchange, const struct form *form)
{
    struct page_stage stage;
    struct showing s;
    if (begin(&s, edge, exchange, form)) {
        (void)page_stage_read(answers_get(form, "_step"), &stage);
        show(&s, stage, NULL, SLICE(""));
    }
}
