/* SPDX-License-Identifier: Apache-2.0
 * The citizen's pages that tell: home, receipts, status, refusals. */
#include "page/citizen.h"

#include "domain/triage.h"
#include "page/card.h"
#include "page/fault.h"
#include "page/form.h"
#include "page/place_fields.h"
#include "page/quick.h"

void page_home(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis)
{
    struct page_frame frame;
    page_frame_init(&frame, request, crisis, true);
    page_frame_title(&frame, "home.title", SLICE(""));
    page_quick_set(&frame);
    page_assembly_list(&frame, crisis->id, crisis->assembly, crisis->assembly_count);
    page_frame_render(&frame, out, "home");
}

void page_choose(struct buffer *out, const struct page_request *request, const struct crisis_view *crises, size_t count)
{
    struct page_frame frame;
    page_frame_init(&frame, request, NULL, true);
    page_frame_title(&frame, count > 0 ? "choose.title" : "app.purpose", SLICE(""));
    page_set_flag(&frame.model, frame.root, "countries", false);
    struct page_value *countries = count > 0 ? page_set_object(&frame.model, frame.root, "countries") : NULL;
    struct page_value *items = count > 0 ? page_set_list(&frame.model, countries, "items") : NULL;
    for (size_t i = 0; i < count; i++) {
        struct page_value *item = page_add(&frame.model, items);
        page_frame_facts(&frame, item, &crises[i]);
        struct slice query = page_link_query(&frame.model, request->language, crises[i].id);
        page_set(&frame.model, item, "href",
                 page_made(&frame.model, arena_printf(request->arena, "/%.*s", SLICE_ARGS(query))));
    }
    page_frame_render(&frame, out, "choose");
}

void page_registered(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                     const struct registered_view *view)
{
    struct page_frame frame;
    page_frame_init(&frame, request, crisis, false);
    page_frame_title(&frame, "registered.title", SLICE(""));
    page_set(&frame.model, frame.root, "case", view->case_code);
    page_set(&frame.model, frame.root, "secret", view->secret);
    page_set(&frame.model, frame.root, "time", page_time_words(&frame, view->check_in_by_us));
    page_set_flag(&frame.model, frame.root, "journal", view->via_journal);
    page_set(&frame.model, frame.root, "phone", page_in_one_piece(&frame, view->phone));
    unsigned side = 0;
    page_set(&frame.model, frame.root, "spelled", page_card_spelled(&frame, view->case_code));
    page_set(&frame.model, frame.root, "squares", page_card_squares(&frame, view->case_code, &side));
    page_set_number(&frame.model, frame.root, "side", (long)side);
    page_frame_render(&frame, out, "registered");
}

/* The message is stored as it was told; which town it means may be sent after it, as another message. */
static void set_question(struct page_frame *frame, const struct checked_in_view *view)
{
    struct page_form form = {frame, NULL, NULL};
    struct page_model *model = &frame->model;
    page_set_flag(model, frame->root, "doubtful", view->count > 0);
    page_form_client_id(&form, false);
    page_set(model, frame->root, "status", vocabulary_name(&vocabulary_check_in_status, view->status));
    page_set(model, frame->root, "case", view->case_code);
    page_set(model, frame->root, "sender_phone", view->sender_phone);
    page_set(model, frame->root, "typed", view->typed);
    page_place_options(frame, frame->root, view->names, view->count);
}

void page_checked_in(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                     const struct checked_in_view *view)
{
    struct page_frame frame;
    unsigned band = view->band < BAND_COUNT ? view->band : BAND_IMMEDIATE;
    char digit = (char)('0' + band);
    bool calm = band == BAND_NONE && (view->status == STATUS_SAFE || view->status == STATUS_DEPARTED);
    page_frame_init(&frame, request, crisis, false);
    page_frame_title(&frame, calm ? "checked_in.title.safe" : "checked_in.title", SLICE(""));
    page_set_flag(&frame.model, frame.root, "waits", band != BAND_NONE);
    page_set_flag(&frame.model, frame.root, "danger", band == BAND_IMMEDIATE || view->status == STATUS_IN_DANGER);
    page_set_flag(&frame.model, frame.root, "journal", view->via_journal);
    page_set(&frame.model, frame.root, "next",
             page_text_of(request->language, "checked_in.band.", slice_make(&digit, 1)));
    page_set(&frame.model, frame.root, "receipt", view->receipt);
    page_set(&frame.model, frame.root, "phone", page_in_one_piece(&frame, view->phone));
    set_question(&frame, view);
    page_assembly_set(&frame, &view->assembly);
    page_frame_render(&frame, out, "checked_in");
}

static void add_step(struct page_frame *frame, struct page_value *steps, const char *key, int64_t time_us)
{
    struct page_value *step = page_add(&frame->model, steps);
    page_set(&frame->model, step, "what", page_text(frame->language, key));
    page_set(&frame->model, step, "time", time_us != 0 ? page_time_words(frame, time_us) : SLICE(""));
}

/* What a tired person reads first: that we have them, since when, until when, and whether somebody looked. */
static void set_sentences(struct page_frame *frame, const struct own_status_view *view)
{
    struct page_model *model = &frame->model;
    int64_t heard_us = view->last_check_in_us > view->registered_us ? view->last_check_in_us : view->registered_us;
    const struct page_field due = {"when", page_when_words(frame, view->check_in_by_us)};
    page_set(model, frame->root, "when", page_when_words(frame, heard_us));
    page_set(model, frame->root, "zone", page_clock_words(frame));
    page_set(
        model, frame->root, "due_words",
        page_words(frame, view->check_in_by_us < frame->now_us ? "status_page.overdue" : "status_page.due", &due, 1));
    const char *officer = view->answered_us != 0 ? "status_page.is_acted"
                          : view->read_us != 0   ? "status_page.is_read"
                                                 : "status_page.is_unread";
    page_set(model, frame->root, "officer",
             view->case_state.length > 0 ? page_text(frame->language, officer) : SLICE(""));
}

/* Three facts, never one: received, read, acted on. */
static void set_steps(struct page_frame *frame, const struct own_status_view *view)
{
    struct page_value *steps = page_set_list(&frame->model, frame->root, "steps");
    bool has_case = view->case_state.length > 0;
    page_set_flag(&frame->model, frame->root, "quiet", !has_case);
    if (has_case) {
        add_step(frame, steps, "status_page.received", view->received_us);
        add_step(frame, steps, "status_page.read", view->read_us);
        add_step(frame, steps, "status_page.acted", view->answered_us);
    }
    if (has_case && view->resolved_us != 0) {
        add_step(frame, steps, "status_page.closed", view->resolved_us);
    }
}

void page_status(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                 const struct own_status_view *view)
{
    struct page_frame frame;
    page_frame_init(&frame, request, crisis, false);
    page_frame_title(&frame, "status_page.case", view->case_code);
    page_set(&frame.model, frame.root, "case", view->case_code);
    page_set_number(&frame.model, frame.root, "people", (long)view->people);
    page_set(&frame.model, frame.root, "registered", page_time_words(&frame, view->registered_us));
    bool said = view->last_status.length > 0;
    page_set(&frame.model, frame.root, "last",
             said ? page_text_of(request->language, "status.", view->last_status) : SLICE(""));
    page_set(&frame.model, frame.root, "last_time", said ? page_time_words(&frame, view->last_check_in_us) : SLICE(""));
    set_sentences(&frame, view);
    set_steps(&frame, view);
    page_assembly_set(&frame, &view->assembly);
    page_frame_render(&frame, out, "status");
}

void page_found(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                struct slice inquiry)
{
    struct page_frame frame;
    page_frame_init(&frame, request, crisis, false);
    page_frame_title(&frame, "found.title", SLICE(""));
    page_set(&frame.model, frame.root, "inquiry", inquiry);
    page_frame_render(&frame, out, "found");
}

void page_error(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                unsigned status, const char *detail_key)
{
    struct page_frame frame;
    page_frame_init(&frame, request, crisis, false);
    page_set(&frame.model, frame.root, "title", page_problem_title(request->language, status));
    page_set(&frame.model, frame.root, "detail",
             detail_key != NULL ? page_text(request->language, detail_key)
                                : page_problem_detail(request->language, status));
    page_set_flag(&frame.model, frame.root, "back", status >= 500 || status == 429);
    page_frame_render(&frame, out, "error");
}
