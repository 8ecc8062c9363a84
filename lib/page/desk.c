/* SPDX-License-Identifier: Apache-2.0
 * The sign-in form, and the console's frame with every word its script shows. */
#include "page/desk.h"

#include "core/json_text.h"
#include "page/frame.h"
#include "page/table.h"

enum { TEXTS_MAX = 64 * 1024 };

/* What of the catalogue console.js speaks. */
static const struct slice console_prefixes[] = {
    SLICE_INIT("band."),     SLICE_INIT("category."),        SLICE_INIT("channel."),      SLICE_INIT("console."),
    SLICE_INIT("delivery."), SLICE_INIT("delivery_reason."), SLICE_INIT("contact_kind."), SLICE_INIT("intent."),
    SLICE_INIT("need."),     SLICE_INIT("queue."),           SLICE_INIT("reason."),       SLICE_INIT("state."),
    SLICE_INIT("status."),   SLICE_INIT("stored_via."),
};

static bool is_for_console(struct slice key)
{
    for (size_t i = 0; i < sizeof(console_prefixes) / sizeof(console_prefixes[0]); i++) {
        if (slice_starts_with(key, console_prefixes[i])) {
            return true;
        }
    }
    return false;
}

static void add_member(struct buffer *json, struct slice name, struct slice text)
{
    buffer_add_text(json, json->length > 1 ? "," : "");
    json_text_add(json, name);
    buffer_add_byte(json, ':');
    json_text_add(json, text);
}

/* {"csrf":..., "user":..., "text": {"band.1": "Immediate", ...}} as it may stand in a script element. */
static struct slice console_settings(struct page_frame *frame, const struct desk_console_view *view)
{
    struct buffer json;
    buffer_init(&json, TEXTS_MAX);
    buffer_add_byte(&json, '{');
    add_member(&json, SLICE("csrf"), view->csrf);
    add_member(&json, SLICE("user"), view->user);
    add_member(&json, SLICE("role"), view->role);
    add_member(&json, SLICE("language"), frame->language->tag);
    for (size_t i = 0; i < page_text_key_count; i++) {
        if (is_for_console(page_text_keys[i])) {
            add_member(&json, page_text_keys[i], frame->language->texts[i]);
        }
    }
    buffer_add_byte(&json, '}');
    struct slice settings = page_made(&frame->model, arena_dup(frame->model.arena, buffer_slice(&json)));
    frame->model.failed = frame->model.failed || json.failed;
    buffer_release(&json);
    return settings;
}

void page_desk_sign_in(struct buffer *out, const struct page_request *request, const struct desk_sign_in_view *view)
{
    struct page_frame frame;
    page_frame_init(&frame, request, NULL, true);
    page_frame_title(&frame, "sign_in.title", SLICE(""));
    page_set(&frame.model, frame.root, "csrf", view->csrf);
    page_set(&frame.model, frame.root, "user", view->user);
    page_set(&frame.model, frame.root, "problem",
             view->problem_key != NULL ? page_text(request->language, view->problem_key) : SLICE(""));
    page_frame_render(&frame, out, "desk_sign_in");
}

void page_desk_console(struct buffer *out, const struct page_request *request, const struct desk_console_view *view)
{
    struct page_frame frame;
    page_frame_init(&frame, request, NULL, true);
    page_frame_title(&frame, "console.title", SLICE(""));
    page_set(&frame.model, frame.root, "user", view->user);
    page_set(&frame.model, frame.root, "role", view->role);
    page_set(&frame.model, frame.root, "settings", console_settings(&frame, view));
    page_frame_render(&frame, out, "desk_console");
}
