/* SPDX-License-Identifier: Apache-2.0
 * The listener: accepts within its caps, watches deadlines, drains. */
#include "net/server.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/id.h"
#include "core/log.h"
#include "net/crowd.h"
#include "net/server_state.h"

enum { LISTEN_BACKLOG = 4096, TICK_US = 200 * 1000 };

struct http_limits http_limits_default(void)
{
    return (struct http_limits){
        .connections_max = 20000,
        .slow_per_address = 512,
        .slow_s = 3,
        .handshake_s = 5,
        .header_s = 10,
        .body_s = 30,
        .answer_s = 30,
        .idle_s = 60,
        .in_flight_max = {[ADMIT_HELP] = 20000, /* as many as connections: a cry is never refused for its number */
                          [ADMIT_CHECK_IN] = 8192,
                          [ADMIT_REGISTRATION] = 4096,
                          [ADMIT_PAGE] = 1024},
    };
}

char *server_take_input(struct http_server *server)
{
    char *block = server->spare_input;
    server->spare_input = NULL;
    return block != NULL ? block : malloc(CONNECTION_INPUT_SIZE);
}

void server_give_input(struct http_server *server, char *block)
{
    if (server->spare_input == NULL) {
        server->spare_input = block;
    } else {
        free(block);
    }
}

void server_take_output(struct http_server *server, struct buffer *output)
{
    *output = server->spare_output;
    buffer_init(&server->spare_output, CONNECTION_OUTPUT_MAX);
}

void server_give_output(struct http_server *server, struct buffer *output)
{
    if (server->spare_output.data == NULL && output->capacity <= CONNECTION_INPUT_SIZE) {
        buffer_clear(output);
        server->spare_output = *output;
    } else {
        buffer_release(output);
    }
    buffer_init(output, CONNECTION_OUTPUT_MAX);
}

void server_make_id(struct http_server *server, char id[REQUEST_ID_SIZE + 1])
{
    if (server->ids_left == 0) { /* one call to the kernel for many ids */
        random_fill(server->ids, sizeof(server->ids));
        server->ids_left = SERVER_ID_POOL;
    }
    (void)hex_format(&server->ids[--server->ids_left], sizeof(server->ids[0]), id);
}

void server_count_answer(struct http_server *server, const struct http_exchange *exchange, unsigned status)
{
    static const int64_t bounds_ms[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000};
    enum { BOUNDS = sizeof(bounds_ms) / sizeof(bounds_ms[0]) };
    struct http_metrics *metrics = &server->metrics;
    if (status / 100 < sizeof(metrics->answers_by_status) / sizeof(metrics->answers_by_status[0])) {
        metrics->answers_by_status[status / 100]++;
    }
    if (!exchange->admitted) {
        return;
    }
    server->now_us = clock_monotonic();
    int64_t took_us = server->now_us - exchange->started_us;
    enum admission_class class = exchange->admission;
    metrics->duration_count[class]++;
    metrics->duration_sum_us[class] += took_us > 0 ? (uint64_t)took_us : 0;
    for (size_t i = 0; i < BOUNDS; i++) {
        metrics->duration_bucket[class][i] += took_us <= bounds_ms[i] * 1000 ? 1 : 0;
    }
    metrics->duration_bucket[class][BOUNDS]++;
}

static void resume(struct http_server *server)
{
    if (!server->paused || server->listener == NULL) {
        return;
    }
    if (server->spare < 0) {
        server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    if (server->spare >= 0 && evconnlistener_enable(server->listener) == 0) {
        server->paused = false;
    }
}

void server_connection_gone(struct http_server *server)
{
    server->metrics.connections_open--;
    resume(server);
    if (server->draining && server->metrics.connections_open == 0 && server->drained != NULL) {
        event_active(server->drained, EV_TIMEOUT, 0);
    }
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address, int length,
                      void *context)
{
    struct http_server *server = context;
    struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
    (void)listener;
    memcpy(&peer, address, (size_t)length < sizeof(peer) ? (size_t)length : sizeof(peer));
    server->metrics.connections_accepted++;
    server->now_us = clock_monotonic();
    if (!crowd_make_room(server, address_key_of(&peer))) {
        (void)close(fd);
        server->metrics.connections_refused++;
    } else if (!connection_open(server, fd, &peer)) {
        server->metrics.connections_refused++;
    }
}

/* Without descriptors a level-triggered listener would spin (libevent issue 592). The spare takes one client in to close it, then
 * the listener rests until a connection ends or the tick comes. */
static void on_accept_error(struct evconnlistener *listener, void *context)
{
    struct http_server *server = context;
    int reason = errno;
    if (reason == EMFILE || reason == ENFILE) {
        if (server->spare >= 0) {
            (void)close(server->spare);
            server->spare = -1;
        }
        int fd = accept4(evconnlistener_get_fd(listener), NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) {
            (void)close(fd);
            server->metrics.connections_refused++;
        }
    }
    (void)evconnlistener_disable(listener);
    server->paused = true;
    log_event(LOG_WARNING, "listener.paused", log_text("reason", strerror(reason)),
              log_integer("open", (int64_t)server->metrics.connections_open));
}

void server_expire(struct http_server *server, int64_t now_us)
{
    for (size_t state = 0; state < CONNECTION_STATE_COUNT; state++) {
        struct connection_list *list = &server->lists[state];
        uint64_t most = server->metrics.connections_open; /* each at most once, whatever the clock says */
        for (uint64_t i = 0; i < most && list->first != NULL; i++) {
            struct connection *first = list->first;
            if (first->deadline_us == 0 || first->deadline_us > now_us) {
                break;
            }
            first->timed_out = true;
            connection_step(first);
        }
    }
}

/* A handshake costs as much as ten requests, so a crowd that arrives at once gets its turns between those who are here: some each turn of the
 * loop, and more as more requests were served in it, so that neither starves the other. */
static unsigned handshakes_for_a_turn(struct http_server *server)
{
    enum { HANDSHAKES_LEAST = 16, REQUESTS_EACH = 16 };
    uint64_t requests = 0;
    for (size_t i = 0; i < ADMIT_COUNT; i++) {
        requests += server->metrics.requests[i];
    }
    uint64_t served = requests - server->requests_seen;
    server->requests_seen = requests;
    return (unsigned)(HANDSHAKES_LEAST + served / REQUESTS_EACH);
}

static void on_handshakes(evutil_socket_t fd, short what, void *context)
{
    struct http_server *server = context;
    (void)fd;
    (void)what;
    server->handshakes_left = handshakes_for_a_turn(server);
    for (struct connection *first = server->lists[CONNECTION_QUEUED].first;
         first != NULL && server->handshakes_left > 0; first = server->lists[CONNECTION_QUEUED].first) {
        server->handshakes_left--;
        connection_take_turn(first);
    }
    if (server->lists[CONNECTION_QUEUED].first != NULL) {
        server_end_turn(server);
    }
}

/* A timer of no time: it fires after what was ready meanwhile had its turn. */
void server_end_turn(struct http_server *server)
{
    static const struct timeval now = {0, 0};
    if (!evtimer_pending(server->handshakes, NULL)) {
        (void)evtimer_add(server->handshakes, &now); /* without it the tick comes */
    }
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
    struct http_server *server = context;
    (void)fd;
    (void)what;
    resume(server);
    on_handshakes(-1, 0, server);
    server_expire(server, clock_monotonic());
}

static void on_drained(evutil_socket_t fd, short what, void *context)
{
    struct http_server *server = context;
    void (*tell)(void *context) = server->on_drained;
    (void)fd;
    (void)what;
    server->on_drained = NULL;
    if (tell != NULL) {
        tell(server->drained_context); /* may free the server */
    }
}

static bool set_option(int fd, int level, int name)
{
    int on = 1;
    return setsockopt(fd, level, name, &on, sizeof(on)) == 0;
}

/* What is set on the listener its connections inherit: TCP_NODELAY costs no call for each. */
static int open_socket(const char *listen_text, unsigned send_buffer, struct error *error)
{
    int octets = (int)send_buffer;
    struct address address;
    if (!address_parse(listen_text, &address, error)) {
        return -1;
    }
    int fd = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        (void)error_set_errno(error, "server.listen", "socket for %s", listen_text);
        return -1;
    }
    if (!set_option(fd, SOL_SOCKET, SO_REUSEADDR) || !set_option(fd, SOL_SOCKET, SO_REUSEPORT) ||
        !set_option(fd, SOL_SOCKET, SO_KEEPALIVE) || !set_option(fd, IPPROTO_TCP, TCP_NODELAY) ||
        (octets > 0 && setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &octets, sizeof(octets)) != 0) ||
        bind(fd, (const struct sockaddr *)(const void *)&address.storage, address.length) != 0 ||
        listen(fd, LISTEN_BACKLOG) != 0) {
        (void)error_set_errno(error, "server.listen", "cannot listen on %s", listen_text);
        (void)close(fd);
        return -1;
    }
    return fd;
}

static bool start_listening(struct http_server *server, struct error *error)
{
    struct sockaddr_storage bound = {.ss_family = AF_UNSPEC};
    socklen_t length = sizeof(bound);
    int fd = open_socket(server->config.listen, server->config.limits.send_buffer, error);
    if (fd < 0) {
        return false;
    }
    server->listener = evconnlistener_new(server->config.base, on_accept, server,
                                          LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
    if (server->listener == NULL) {
        (void)close(fd);
        return error_set(error, ERROR_NOMEM, "server.listen", "no listener for %s", server->config.listen);
    }
    evconnlistener_set_error_cb(server->listener, on_accept_error);
    if (getsockname(fd, (struct sockaddr *)(void *)&bound, &length) != 0) {
        return error_set_errno(error, "server.listen", "getsockname");
    }
    server->port = address_port(&bound);
    return true;
}

static bool start_events(struct http_server *server, struct error *error)
{
    const struct timeval tick = {.tv_sec = 0, .tv_usec = TICK_US};
    server->tick = event_new(server->config.base, -1, EV_PERSIST, on_tick, server);
    server->drained = event_new(server->config.base, -1, 0, on_drained, server);
    server->handshakes = evtimer_new(server->config.base, on_handshakes, server);
    server->handshakes_left = handshakes_for_a_turn(server);
    if (server->handshakes == NULL || server->tick == NULL || server->drained == NULL ||
        event_add(server->tick, &tick) != 0) {
        return error_set(error, ERROR_NOMEM, "server.new", "no memory for timers");
    }
    return true;
}

static void set_times(struct http_server *server)
{
    const struct http_limits *limits = &server->config.limits;
    const unsigned seconds[CONNECTION_STATE_COUNT] = {
        [CONNECTION_QUEUED] = limits->handshake_s,    [CONNECTION_HANDSHAKE] = limits->handshake_s,
        [CONNECTION_HEAD] = limits->header_s,         [CONNECTION_BODY] = limits->body_s,
        [CONNECTION_HANDLING] = limits->answer_s,     [CONNECTION_STREAMING] = limits->answer_s,
        [CONNECTION_WRITING] = limits->answer_s,      [CONNECTION_IDLE] = limits->idle_s,
        [CONNECTION_LINGERING] = CONNECTION_LINGER_S, [CONNECTION_ABANDONED] = 0,
    };
    for (size_t i = 0; i < CONNECTION_STATE_COUNT; i++) {
        server->allowed_us[i] = seconds[i] * MICROSECONDS_A_SECOND;
    }
}

static bool start(struct http_server *server, struct error *error)
{
    const struct http_limits *limits = &server->config.limits;
    if (!peers_init(&server->peers, limits->connections_max) ||
        !answer_writer_init(&server->answers, server->tls != NULL, server->config.content_security_policy)) {
        return error_set(error, ERROR_NOMEM, "server.new",
                         "no memory, or a Content-Security-Policy with control characters");
    }
    admission_init(&server->admission, limits->in_flight_max);
    buffer_init(&server->spare_output, CONNECTION_OUTPUT_MAX);
    set_times(server);
    server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return start_events(server, error) && start_listening(server, error);
}

struct http_server *http_server_new(const struct http_server_config *config, struct error *error)
{
    struct http_server *server = calloc(1, sizeof(*server));
    if (server == NULL) {
        (void)error_set(error, ERROR_NOMEM, "server.new", "no memory");
        return NULL;
    }
    server->config = *config;
    server->spare = -1;
    (void)signal(SIGPIPE, SIG_IGN); /* OpenSSL writes with write(2), which has no MSG_NOSIGNAL */
    http_server_set_tls(server, config->tls);
    if (!start(server, error)) {
        http_server_free(server);
        return NULL;
    }
    return server;
}

unsigned http_server_port(const struct http_server *server)
{
    return server->port;
}

void http_server_set_tls(struct http_server *server, SSL_CTX *tls)
{
    if (tls != NULL && SSL_CTX_up_ref(tls) != 1) {
        return; /* cannot happen: up_ref only counts */
    }
    SSL_CTX_free(server->tls);
    server->tls = tls;
}

void http_server_drain(struct http_server *server, void (*tell)(void *context), void *context)
{
    server->draining = true;
    server->on_drained = tell;
    server->drained_context = context;
    if (server->listener != NULL) {
        evconnlistener_free(server->listener);
        server->listener = NULL;
    }
    for (size_t state = 0; state < CONNECTION_STATE_COUNT; state++) {
        struct connection *next = NULL;
        for (struct connection *at = server->lists[state].first; at != NULL; at = next) {
            next = at->next;
            connection_drain(at);
        }
    }
    if (server->metrics.connections_open == 0) {
        event_active(server->drained, EV_TIMEOUT, 0);
    }
}

const struct http_metrics *http_server_metrics(const struct http_server *server)
{
    return &server->metrics;
}

void http_server_free(struct http_server *server)
{
    if (server == NULL) {
        return;
    }
    server->draining = false; /* nobody is told any more */
    if (server->listener != NULL) {
        evconnlistener_free(server->listener);
        server->listener = NULL;
    }
    for (size_t state = 0; state < CONNECTION_STATE_COUNT; state++) {
        while (server->lists[state].first != NULL) {
            connection_free(server->lists[state].first);
        }
    }
    if (server->tick != NULL) {
        event_free(server->tick);
    }
    if (server->handshakes != NULL) {
        event_free(server->handshakes);
    }
    if (server->drained != NULL) {
        event_free(server->drained);
    }
    if (server->spare >= 0) {
        (void)close(server->spare);
    }
    free(server->spare_input);
    buffer_release(&server->spare_output);
    answer_writer_release(&server->answers);
    peers_release(&server->peers);
    SSL_CTX_free(server->tls);
    free(server);
}
