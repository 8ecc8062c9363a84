/* SPDX-License-Identifier: Apache-2.0
 * The model of templates/desk_account.html. */
#include "page/desk_account.h"

#include <stdio.h>

#include "page/desk.h"
#include "page/frame.h"
#include "page/qr.h"

enum { QR_MAX = 64 * 1024 };

static void set_square(struct page_frame *frame, const struct desk_account_view *view)
{
    struct buffer svg;
    buffer_init(&svg, QR_MAX);
    bool drawn = view->secret.length > 0 && page_qr(&svg, view->uri);
    page_set(&frame->model, frame->root, "qr",
             drawn ? page_made(&frame->model, arena_dup(frame->model.arena, buffer_slice(&svg))) : SLICE(""));
    buffer_release(&svg);
}

static void set_codes(struct page_frame *frame, const struct desk_account_view *view)
{
    struct page_value *codes = page_set_list(&frame->model, frame->root, "codes");
    for (size_t i = 0; view->codes != NULL && i < view->code_count; i++) {
        page_set(&frame->model, page_add(&frame->model, codes), "code", view->codes[i]);
    }
}

void page_desk_account(struct buffer *out, const struct page_request *request, const struct desk_account_view *view)
{
    struct page_frame frame;
    char left[24];
    int length = snprintf(left, sizeof(left), "%ld", view->codes_left);
    const struct page_field fields[] = {{"left", slice_make(left, (size_t)length)}};
    page_frame_init(&frame, request, NULL, view->codes == NULL && view->problem_key == NULL);
    page_frame_title(&frame, "account.title", SLICE(""));
    page_set(&frame.model, frame.root, "user", view->user);
    page_set(&frame.model, frame.root, "role", view->role);
    page_set(&frame.model, frame.root, "csrf", view->csrf);
    page_set(&frame.model, frame.root, "problem",
             view->problem_key != NULL ? page_text(request->language, view->problem_key) : SLICE(""));
    page_set_flag(&frame.model, frame.root, "due", view->due);
    page_set_flag(&frame.model, frame.root, "enrolled", view->enrolled);
    page_set_flag(&frame.model, frame.root, "fresh", !view->enrolled && view->secret.length == 0);
    page_set(&frame.model, frame.root, "secret", view->secret);
    page_set(&frame.model, frame.root, "left", page_words(&frame, "account.codes_left", fields, 1));
    const struct desk_console_view console = {.user = view->user, .role = view->role, .csrf = view->csrf};
    page_set(&frame.model, frame.root, "settings", page_desk_settings(&frame, &console, SLICE("account.")));
    page_set_flag(&frame.model, frame.root, "password_due", view->password_due);
    set_square(&frame, view);
    set_codes(&frame, view);
    page_frame_render(&frame, out, "desk_account");
}
