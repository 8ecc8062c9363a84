/* SPDX-License-Identifier: Apache-2.0
 * For who shares a phone, or is watched: away from here at once, and nothing left behind. */
#include "edge/handlers.h"
#include "edge/pages.h"
#include "page/citizen.h"

/* By way of an address of ours, so that no page of ours names another's. What waits to be sent on the phone stays. */
void edge_handle_leave(struct http_exchange *exchange, void *role)
{
    static const struct http_header headers[] = {{SLICE_INIT("Location"), SLICE_INIT("https://www.wikipedia.org/")}};
    (void)role;
    http_exchange_respond(exchange, 303, headers, 1, SLICE(""));
}

/* W3C Clear Site Data section 3.1: pages kept, the outbox and the service worker go, without a script. */
void edge_handle_forget(struct http_exchange *exchange, void *role)
{
    static const struct http_header headers[] = {
        {SLICE_INIT("Content-Type"), SLICE_INIT("text/html; charset=utf-8")},
        {SLICE_INIT("Clear-Site-Data"), SLICE_INIT("\"cache\", \"cookies\", \"storage\"")},
    };
    struct slice site = http_request_header(http_exchange_request(exchange), SLICE("Sec-Fetch-Site"));
    struct buffer out;
    struct page_request request = pages_request(exchange, NULL);
    if (site.length > 0 && !slice_equal(site, SLICE("same-origin")) && !slice_equal(site, SLICE("none"))) {
        pages_respond_error(role, exchange, 403, NULL); /* another's page may not wipe what waits here */
        return;
    }
    buffer_init(&out, PAGE_MAX);
    page_forgotten(&out, &request);
    http_exchange_respond(exchange, out.failed ? 503 : 200, headers, 2, buffer_slice(&out));
    buffer_release(&out);
}
