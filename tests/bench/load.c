/* SPDX-License-Identifier: Apache-2.0
 * A load generator: N keep-alive TLS connections, each with one request at a time; first registrations, then check-ins of the
 * registered for some seconds. Prints one JSON line.
 *
 *   connection:  HANDSHAKING --done--> WRITING --all sent--> READING --whole answer--> WRITING, or IDLE when no work is left
 *                     ^---------------- lost, while work is left ----------------'
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/id.h"
#include "core/slice.h"

enum {
    CONNECTIONS_MAX = 4096,
    REGISTRATIONS_MAX = 100000,
    LATENCIES_MAX = 8 * 1000 * 1000,
    REQUEST_MAX = 2048,
    ANSWER_MAX = 16384,
    CASE_SIZE = 12,
    LOST_MAX = 10000, /* connections lost before we give up */
};

enum state { HANDSHAKING, IDLE, WRITING, READING };

struct connection {
    SSL *tls;
    int fd;
    enum state state;
    char request[REQUEST_MAX];
    size_t request_length, sent;
    char answer[ANSWER_MAX];
    size_t received;
    int64_t started_us;
};

/* What one phase measured. */
struct tally {
    size_t stored, journalled, refused, lost;
    int64_t began_us, ended_us;
    uint32_t *latencies_us; /* of `stored` answers, LATENCIES_MAX of them */
};

struct load {
    SSL_CTX *context;
    struct sockaddr_in address;
    int epoll;
    struct connection *connections;
    unsigned connection_count;
    const char *crisis;
    char (*cases)[CASE_SIZE];
    size_t case_count, registrations_wanted, registrations_begun;
    bool checking_in;    /* the second phase */
    int64_t deadline_us; /* of the second phase */
    unsigned busy;       /* connections with a request under way */
    struct tally *tally; /* of the phase that runs */
};

static _Noreturn void fail(const char *what)
{
    (void)fprintf(stderr, "load: %s: %s\n", what, errno != 0 ? strerror(errno) : "failed");
    ERR_print_errors_fp(stderr);
    exit(1);
}

static bool work_left(const struct load *load)
{
    return load->checking_in ? clock_monotonic() < load->deadline_us
                             : load->registrations_begun < load->registrations_wanted;
}

static void put_request(struct connection *c, const char *path, const char *body)
{
    int length = snprintf(
        c->request, sizeof(c->request),
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", path,
        strlen(body), body);
    if (length < 0 || (size_t)length >= sizeof(c->request)) {
        fail("a request that does not fit");
    }
    c->request_length = (size_t)length;
}

static void make_registration(struct load *load, struct connection *c, const char *id)
{
    char body[1024];
    (void)snprintf(
        body, sizeof(body),
        "{\"crisis\":\"%s\",\"client_id\":\"%s\",\"language\":\"fr\",\"party\":[{\"family_name\":\"Invented%zu\","
        "\"given_names\":\"Load\",\"birth_date\":\"1980-02-29\",\"citizenships\":[\"US\"]}],\"contacts\":[{\"kind\":"
        "\"phone\",\"value\":\"+2279%07zu\",\"primary\":true}],\"intent\":\"staying\"}",
        load->crisis, id, load->registrations_begun, load->registrations_begun % 10000000);
    load->registrations_begun++;
    put_request(c, "/api/v1/registrations", body);
}

static void make_check_in(const struct load *load, struct connection *c, const char *id)
{
    char body[512];
    uint32_t random = 0;
    random_fill(&random, sizeof(random));
    (void)snprintf(body, sizeof(body),
                   "{\"client_id\":\"%s\",\"case\":\"%s\",\"status\":\"%s\",\"location\":{\"lat\":13.51,\"lon\":2.11},"
                   "\"message\":\"we are at home and well\"}",
                   id, load->cases[random % load->case_count], random % 10 == 0 ? "need_help" : "safe");
    put_request(c, "/api/v1/check-ins", body);
}

static void watch(struct load *load, struct connection *c, uint32_t events, int operation)
{
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(load->epoll, operation, c->fd, &event) != 0) {
        fail("epoll_ctl");
    }
}

static void open_connection(struct load *load, struct connection *c)
{
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&load->address, sizeof(load->address)) != 0 ||
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0 || fcntl(c->fd, F_SETFL, O_NONBLOCK) != 0) {
        fail("connect");
    }
    c->tls = SSL_new(load->context);
    if (c->tls == NULL || SSL_set_fd(c->tls, c->fd) != 1) {
        fail("SSL_new");
    }
    SSL_set_connect_state(c->tls);
    c->state = HANDSHAKING;
    watch(load, c, EPOLLIN | EPOLLOUT | EPOLLET, EPOLL_CTL_ADD);
}

static void close_connection(struct connection *c)
{
    SSL_free(c->tls);
    (void)close(c->fd); /* nothing is lost with it that was not counted */
    c->tls = NULL;
}

/* Gives the connection its next request; false when the phase has no more for it. */
static bool begin(struct load *load, struct connection *c)
{
    char id[UUID_TEXT_SIZE + 1];
    struct uuid client_id = uuid_random();
    c->state = IDLE;
    if (!work_left(load)) {
        return false;
    }
    (void)uuid_format(&client_id, id);
    if (load->checking_in) {
        make_check_in(load, c, id);
    } else {
        make_registration(load, c, id);
    }
    c->sent = 0;
    c->received = 0;
    c->started_us = clock_monotonic();
    c->state = WRITING;
    load->busy++;
    return true;
}

static void keep_case(struct load *load, struct slice body)
{
    size_t at = slice_find(body, SLICE("\"case\""));
    struct slice rest = slice_sub(body, at + 6, body.length);
    size_t quote = slice_index(rest, '"');
    struct slice code = slice_sub(rest, quote + 1, quote + CASE_SIZE);
    if (!load->checking_in && code.length == CASE_SIZE - 1 && load->case_count < load->registrations_wanted) {
        memcpy(load->cases[load->case_count], code.data, code.length);
        load->cases[load->case_count++][CASE_SIZE - 1] = '\0';
    }
}

static void count_answer(struct load *load, struct connection *c, unsigned long status, struct slice body)
{
    struct tally *t = load->tally;
    load->busy--;
    t->ended_us = clock_monotonic();
    if (status != 201 && status != 202) {
        if (t->refused++ == 0) {
            (void)fprintf(stderr, "load: the first refusal is %lu: %.*s\n", status, SLICE_ARGS(body));
        }
        return;
    }
    if (t->stored < LATENCIES_MAX) {
        t->latencies_us[t->stored] = (uint32_t)(t->ended_us - c->started_us);
    }
    t->stored++;
    t->journalled += status == 202;
    keep_case(load, body);
}

/* True when the whole answer is there; it is then counted. */
static bool finish_answer(struct load *load, struct connection *c)
{
    struct slice all = slice_make(c->answer, c->received);
    size_t head = slice_find(all, SLICE("\r\n\r\n"));
    if (head == all.length) {
        return false;
    }
    uint64_t length = 0;
    struct slice lines = slice_sub(all, 0, head);
    struct slice line;
    while (slice_split(&lines, '\n', &line)) {
        struct slice name = slice_sub(line, 0, 15);
        if (slice_equal_nocase(name, SLICE("content-length:"))) {
            (void)slice_to_u64(slice_trim(slice_sub(line, 15, line.length)), ANSWER_MAX, &length);
        }
    }
    if (all.length < head + 4 + length) {
        return false;
    }
    uint64_t status = 0;
    (void)slice_to_u64(slice_sub(all, 9, 12), 999, &status);
    count_answer(load, c, (unsigned long)status, slice_sub(all, head + 4, head + 4 + (size_t)length));
    return true;
}

enum progress { GOES_ON, WAITS, LOST };

static enum progress after(const struct connection *c, int result)
{
    int error = SSL_get_error(c->tls, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? WAITS : LOST;
}

static enum progress step_reading(struct load *load, struct connection *c)
{
    size_t got = 0;
    if (c->received == sizeof(c->answer)) {
        return LOST;
    }
    int result = SSL_read_ex(c->tls, c->answer + c->received, sizeof(c->answer) - c->received, &got);
    if (result != 1) {
        return after(c, result);
    }
    c->received += got;
    if (!finish_answer(load, c)) {
        return GOES_ON;
    }
    return begin(load, c) ? GOES_ON : WAITS;
}

static enum progress step(struct load *load, struct connection *c)
{
    size_t put = 0;
    int result = 0;
    ERR_clear_error();
    switch (c->state) {
    case HANDSHAKING:
        result = SSL_do_handshake(c->tls);
        if (result != 1) {
            return after(c, result);
        }
        return begin(load, c) ? GOES_ON : WAITS;
    case WRITING:
        result = SSL_write_ex(c->tls, c->request + c->sent, c->request_length - c->sent, &put);
        if (result != 1) {
            return after(c, result);
        }
        c->sent += put;
        c->state = c->sent == c->request_length ? READING : WRITING;
        return GOES_ON;
    case READING:
        return step_reading(load, c);
    case IDLE: /* the peer has something to say that nobody asked for: a session ticket, or goodbye */
        result = SSL_read_ex(c->tls, c->answer, sizeof(c->answer), &put);
        return result == 1 ? LOST : after(c, result);
    }
    return LOST;
}

static void drive(struct load *load, struct connection *c)
{
    enum progress progress = GOES_ON;
    while (progress == GOES_ON) {
        progress = step(load, c);
    }
    if (progress == LOST) {
        load->busy -= c->state == WRITING || c->state == READING;
        if (++load->tally->lost > LOST_MAX) {
            fail("too many connections were lost");
        }
        close_connection(c);
        if (work_left(load)) {
            open_connection(load, c);
        }
    }
}

/* Runs one phase: every connection gets work until none is left and the last answer is in. */
static void run_phase(struct load *load, struct tally *tally)
{
    struct epoll_event events[256];
    load->tally = tally;
    tally->began_us = tally->ended_us = clock_monotonic();
    tally->latencies_us = calloc(LATENCIES_MAX, sizeof(*tally->latencies_us));
    if (tally->latencies_us == NULL) {
        fail("memory");
    }
    for (unsigned i = 0; i < load->connection_count; i++) {
        struct connection *c = &load->connections[i];
        if (c->tls == NULL) {
            open_connection(load, c);
        } else if (begin(load, c)) {
            drive(load, c);
        }
    }
    int64_t patience_us = (load->checking_in ? load->deadline_us : clock_monotonic()) + 60 * MICROSECONDS_A_SECOND;
    while ((load->busy > 0 || work_left(load)) && clock_monotonic() < patience_us) {
        int ready = epoll_wait(load->epoll, events, sizeof(events) / sizeof(events[0]), 200);
        if (ready < 0 && errno != EINTR) {
            fail("epoll_wait");
        }
        for (int i = 0; i < ready; i++) {
            drive(load, events[i].data.ptr);
        }
    }
}

static int compare_latency(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void print_tally(const char *name, struct tally *t, const char *end)
{
    size_t kept = t->stored < LATENCIES_MAX ? t->stored : LATENCIES_MAX;
    double seconds = (double)(t->ended_us - t->began_us) / 1e6;
    qsort(t->latencies_us, kept, sizeof(*t->latencies_us), compare_latency);
    printf("\"%s\":{\"count\":%zu,\"seconds\":%.3f,\"rate\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"journalled\":%zu,"
           "\"refused\":%zu,\"lost\":%zu}%s",
           name, t->stored, seconds, seconds > 0 ? (double)t->stored / seconds : 0.0,
           kept > 0 ? t->latencies_us[kept / 2] / 1e3 : 0.0, kept > 0 ? t->latencies_us[kept * 99 / 100] / 1e3 : 0.0,
           t->journalled, t->refused, t->lost, end);
    free(t->latencies_us);
}

static unsigned long number(const char *text, unsigned long least, unsigned long most)
{
    uint64_t value = 0;
    if (!slice_to_u64(slice_of(text), most, &value) || value < least) {
        (void)fprintf(stderr, "load: %s is not a number from %lu to %lu\n", text, least, most);
        exit(2);
    }
    return (unsigned long)value;
}

static void prepare(struct load *load, const char *port, const char *certificate)
{
    load->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)number(port, 1, 65535))};
    load->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    load->context = SSL_CTX_new(TLS_client_method());
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    load->connections = calloc(load->connection_count, sizeof(*load->connections));
    load->cases = calloc(load->registrations_wanted, sizeof(*load->cases));
    if (load->context == NULL || load->epoll < 0 || load->connections == NULL || load->cases == NULL ||
        SSL_CTX_load_verify_locations(load->context, certificate, NULL) != 1) {
        fail("preparing");
    }
    SSL_CTX_set_verify(load->context, SSL_VERIFY_PEER, NULL);
    (void)signal(SIGPIPE, SIG_IGN); /* a lost connection is counted, not fatal */
}

int main(int argc, char **argv)
{
    struct tally registrations = {0}, check_ins = {0};
    if (argc != 7) {
        (void)fprintf(stderr, "usage: load PORT CERTIFICATE CRISIS CONNECTIONS REGISTRATIONS SECONDS\n");
        return 2;
    }
    struct load load = {.crisis = argv[3],
                        .connection_count = (unsigned)number(argv[4], 1, CONNECTIONS_MAX),
                        .registrations_wanted = number(argv[5], 1, REGISTRATIONS_MAX)};
    prepare(&load, argv[1], argv[2]);
    int64_t seconds = (int64_t)number(argv[6], 1, 3600);
    run_phase(&load, &registrations);
    if (load.case_count == 0) {
        fail("no registration was stored");
    }
    load.checking_in = true;
    load.deadline_us = clock_monotonic() + seconds * MICROSECONDS_A_SECOND;
    run_phase(&load, &check_ins);
    printf("{");
    print_tally("registrations", &registrations, ",");
    print_tally("check_ins", &check_ins, "}\n");
    for (unsigned i = 0; i < load.connection_count; i++) {
        if (load.connections[i].tls != NULL) {
            close_connection(&load.connections[i]);
        }
    }
    SSL_CTX_free(load.context);
    free(load.connections);
    free(load.cases);
    return registrations.stored > 0 && check_ins.stored > 0 && check_ins.refused == 0 ? 0 : 1;
}
