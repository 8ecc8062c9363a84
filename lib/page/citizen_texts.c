/* SPDX-License-Identifier: Apache-2.0
 * The citizen's pages that only inform: alerts, privacy, and what is left of a phone's memory. */
#include "page/citizen.h"
#include "page/frame.h"

void page_alerts(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis)
{
    struct page_frame frame;
    page_frame_init(&frame, request, crisis, true);
    page_set(&frame.model, frame.root, "title", page_text(request->language, "nav.alerts"));
    page_frame_render(&frame, out, "alerts");
}

void page_privacy(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis)
{
    struct page_frame frame;
    page_frame_init(&frame, request, crisis, true);
    page_set(&frame.model, frame.root, "title", page_text(request->language, "nav.privacy"));
    page_frame_render(&frame, out, "privacy");
}

void page_forgotten(struct buffer *out, const struct page_request *request)
{
    struct page_frame frame;
    page_frame_init(&frame, request, NULL, false);
    page_set(&frame.model, frame.root, "title", page_text(request->language, "forgotten.title"));
    page_frame_render(&frame, out, "forgotten");
}
