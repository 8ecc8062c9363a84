/* SPDX-License-Identifier: Apache-2.0
 * libcurl tells which sockets and which time to watch; libevent watches; what has ended is told at the end of the loop's turn. */
#include "courier/web_client.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/buffer.h"

enum { CONNECT_MS = 5000, WHOLE_MS = 30000, HEADER_ARENA_MAX = 64 * 1024, CONNECTIONS_KEPT = 16 };

struct web_client {
    struct event_base *base;
    CURLM *multi;
    struct event *timer;
    struct web_call *calls;
};

struct web_call {
    struct web_client *client;
    struct web_call *next, *previous;
    CURL *easy;
    struct curl_slist *headers;
    struct buffer body; /* of the answer */
    web_done *done;
    void *context;
};

static void unlink_call(struct web_call *call)
{
    struct web_client *client = call->client;
    *(call->previous != NULL ? &call->previous->next : &client->calls) = call->next;
    if (call->next != NULL) {
        call->next->previous = call->previous;
    }
}

static void link_call(struct web_client *client, struct web_call *call)
{
    call->client = client;
    call->next = client->calls;
    if (client->calls != NULL) {
        client->calls->previous = call;
    }
    client->calls = call;
}

/* Not linked any more, and out of libcurl's hand. */
static void free_call(struct web_call *call)
{
    if (call != NULL) {
        curl_easy_cleanup(call->easy);
        curl_slist_free_all(call->headers);
        buffer_release(&call->body);
        free(call);
    }
}

void web_call_cancel(struct web_call *call)
{
    (void)curl_multi_remove_handle(call->client->multi, call->easy);
    unlink_call(call);
    free_call(call);
}

static struct web_answer answer_of(struct web_call *call, CURLcode code)
{
    long status = 0;
    long sent = 0;
    (void)curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &sent);
    if (code == CURLE_OK && status >= 200) {
        return (struct web_answer){WEB_ANSWERED, (unsigned)status, buffer_slice(&call->body)};
    }
    return (struct web_answer){.outcome = sent > 0 ? WEB_UNANSWERED : WEB_NOT_SENT};
}

static void tell_ended(struct web_client *client)
{
    CURLMsg *message = NULL;
    int left = 0;
    while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        struct web_call *call = NULL;
        CURLcode code = message->data.result;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
        (void)curl_multi_remove_handle(client->multi, call->easy); /* `message` is gone with it */
        unlink_call(call);
        struct web_answer answer = answer_of(call, code);
        call->done(call->context, &answer);
        free_call(call);
    }
}

static void on_socket_event(evutil_socket_t fd, short events, void *context)
{
    struct web_client *client = context;
    int running = 0;
    int seen = ((events & EV_READ) != 0 ? CURL_CSELECT_IN : 0) | ((events & EV_WRITE) != 0 ? CURL_CSELECT_OUT : 0);
    (void)curl_multi_socket_action(client->multi, fd, seen, &running);
    tell_ended(client);
}

static void on_time(evutil_socket_t fd, short events, void *context)
{
    struct web_client *client = context;
    int running = 0;
    (void)fd;
    (void)events;
    (void)curl_multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    tell_ended(client);
}

/* libcurl's request to watch a socket; `of_socket` is the event that watches it. */
static int on_watch(CURL *easy, curl_socket_t fd, int what, void *context, void *of_socket)
{
    struct web_client *client = context;
    struct event *event = of_socket;
    (void)easy;
    if (event != NULL) {
        event_free(event);
    }
    event = NULL;
    if (what != CURL_POLL_REMOVE) {
        short events = (short)(EV_PERSIST | ((what & CURL_POLL_IN) != 0 ? EV_READ : 0) |
                               ((what & CURL_POLL_OUT) != 0 ? EV_WRITE : 0));
        event = event_new(client->base, fd, events, on_socket_event, client);
        if (event != NULL && event_add(event, NULL) != 0) {
            event_free(event);
            event = NULL;
        }
    }
    (void)curl_multi_assign(client->multi, fd, event);
    return event != NULL || what == CURL_POLL_REMOVE ? 0 : -1;
}

static int on_timer_wish(CURLM *multi, long timeout_ms, void *context)
{
    struct web_client *client = context;
    const struct timeval wait = {timeout_ms / 1000, timeout_ms % 1000 * 1000};
    (void)multi;
    return timeout_ms < 0 ? event_del(client->timer) : event_add(client->timer, &wait);
}

struct web_client *web_client_new(struct event_base *base, struct error *error)
{
    struct web_client *client = calloc(1, sizeof(*client));
    if (client != NULL) {
        client->base = base;
        client->multi = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_multi_init() : NULL;
        client->timer = evtimer_new(base, on_time, client);
    }
    if (client == NULL || client->multi == NULL || client->timer == NULL) {
        (void)error_set(error, ERROR_NOMEM, "web_client", "libcurl does not start");
        web_client_free(client);
        return NULL;
    }
    (void)curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, on_watch);
    (void)curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
    (void)curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, on_timer_wish);
    (void)curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
    (void)curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
    return client;
}

void web_client_free(struct web_client *client)
{
    if (client == NULL) {
        return;
    }
    while (client->calls != NULL) {
        web_call_cancel(client->calls);
    }
    if (client->multi != NULL) {
        (void)curl_multi_cleanup(client->multi);
        curl_global_cleanup();
    }
    if (client->timer != NULL) {
        event_free(client->timer);
    }
    free(client);
}

static size_t on_body(char *data, size_t one, size_t length, void *context)
{
    struct web_call *call = context;
    size_t room = WEB_ANSWER_MAX - call->body.length;
    (void)one; /* is 1 */
    buffer_add_slice(&call->body, slice_make(data, length < room ? length : room));
    return length;
}

/* `line` in an arena, and so ended by a NUL. */
static bool add_header(struct web_call *call, struct slice line)
{
    struct curl_slist *longer = line.data != NULL ? curl_slist_append(call->headers, line.data) : NULL;
    call->headers = longer != NULL ? longer : call->headers;
    return longer != NULL;
}

static bool add_headers(struct web_call *call, const struct gateway_call *request)
{
    struct arena arena;
    struct slice rest = request->headers;
    struct slice line;
    arena_init(&arena, HEADER_ARENA_MAX);
    bool whole = add_header(call, arena_printf(&arena, "Content-Type: %.*s", SLICE_ARGS(request->type))) &&
                 add_header(call, SLICE("Expect:")); /* none: RFC 9110 section 10.1.1, a round trip for nothing */
    while (whole && slice_split(&rest, '\n', &line)) {
        whole = line.length == 0 || add_header(call, arena_dup(&arena, line));
    }
    arena_release(&arena);
    return whole;
}

static bool set_up(struct web_call *call, const struct gateway_call *request, bool repeats)
{
    struct arena arena;
    arena_init(&arena, HEADER_ARENA_MAX);
    const char *url = arena_strdup(&arena, request->url);
    CURL *easy = call->easy;
    bool set = url != NULL && add_headers(call, request) && curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)request->body.length) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->body.length > 0 ? request->body.data : "") ==
                   CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) ==
                   CURLE_OK && /* a resolver that hangs holds up its own thread alone */
               curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, repeats ? 0L : 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, repeats ? 0L : 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_WRITEDATA, call) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_USERAGENT, "Muster") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PRIVATE, call) == CURLE_OK;
    arena_release(&arena);
    return set;
}

struct web_call *web_client_post(struct web_client *client, const struct gateway_call *request, bool repeats,
                                 web_done *done, void *context)
{
    struct web_call *call = calloc(1, sizeof(*call));
    if (call == NULL) {
        return NULL;
    }
    buffer_init(&call->body, WEB_ANSWER_MAX + 1);
    call->done = done;
    call->context = context;
    call->easy = curl_easy_init();
    if (call->easy == NULL || !set_up(call, request, repeats) ||
        curl_multi_add_handle(client->multi, call->easy) != CURLM_OK) {
        free_call(call);
        return NULL;
    }
    link_call(client, call);
    return call;
}
