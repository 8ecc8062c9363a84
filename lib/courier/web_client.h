/* SPDX-License-Identifier: Apache-2.0
 * Requests to gateways: libcurl's multi interface on the event loop. Certificates are verified, redirects are not followed, no proxy is taken from
 * the environment. Source: https://curl.se/libcurl/c/libcurl-multi.html, "multi_socket". */
#ifndef COURIER_WEB_CLIENT_H
#define COURIER_WEB_CLIENT_H

#include <event2/event.h>
#include <stdbool.h>

#include "core/error.h"
#include "core/slice.h"
#include "gateway/send.h"

enum { WEB_ANSWER_MAX = 64 * 1024 }; /* octets of an answer's content; a longer one is cut */

enum web_outcome {
    WEB_ANSWERED,
    WEB_NOT_SENT,   /* no octet of the request left: no such host, no connection, no handshake */
    WEB_UNANSWERED, /* it left, whole or in part; what became of it is not known */
};

struct web_answer {
    enum web_outcome outcome;
    unsigned status;   /* ANSWERED */
    struct slice body; /* ANSWERED; valid during the callback */
};

struct web_client;
struct web_call;
typedef void web_done(void *context, const struct web_answer *answer);

struct web_client *web_client_new(struct event_base *base, struct error *error);
/* Calls in flight end without their callbacks. */
void web_client_free(struct web_client *client);

/* Starts a POST; `done` runs once, on the loop, never before this returns. The request is copied. `repeats`: a connection that was kept may be used, on
 * which libcurl sends a request again that a server closing it may have read; else each has its own. NULL, and `done` will not run, when memory is out. */
struct web_call *web_client_post(struct web_client *client, const struct gateway_call *request, bool repeats,
                                 web_done *done, void *context);
/* `done` will not run. */
void web_call_cancel(struct web_call *call);

#endif
