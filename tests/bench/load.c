/* SPDX-License-Identifier: Apache-2.0
 * A load generator: N keep-alive TLS 1.3 connections, each with one check-in at a time, over the register that register.sql made; each party
 * checks in once before any does again. It shares the machine with what it measures, so it spends little: one read and one write a
 * check-in, nothing formatted that could be copied. Prints one JSON line.
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
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/id.h"
#include "core/slice.h"
#include "register.h"

enum {
    CONNECTIONS_MAX = 4096,
    REQUEST_MAX = 1024,
    ANSWER_MAX = 16384,
    LOST_MAX = 10000,      /* connections lost before we give up */
    PATIENCE_SECONDS = 60, /* without any answer */
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

struct load {
    SSL_CTX *context;
    struct sockaddr_in address;
    int epoll;
    struct connection *connections;
    unsigned connection_count;
    uint64_t parties, first, wanted, begun; /* check-ins: the first's turn, how many, how many were begun */
    uint64_t random[2];
    unsigned busy; /* connections with a request under way */
    size_t stored, journalled, refused, lost;
    int64_t began_us, ended_us;
    uint32_t *latencies_us; /* of `stored` answers */
};

static _Noreturn void fail(const char *what)
{
    (void)fprintf(stderr, "load: %s: %s\n", what, errno != 0 ? strerror(errno) : "failed");
    ERR_print_errors_fp(stderr);
    exit(1);
}

static bool work_left(const struct load *load)
{
    return load->begun < load->wanted;
}

/* xorshift128+ (Vigna 2017): ids that differ, at no cost; nobody has to guess them here. */
static uint64_t next_random(struct load *load)
{
    uint64_t x = load->random[0], y = load->random[1];
    load->random[0] = y;
    x ^= x << 23;
    load->random[1] = x ^ y ^ (x >> 17) ^ (y >> 26);
    return load->random[1] + y;
}

static void put(struct connection *c, const char *text, size_t length)
{
    if (c->request_length + length > sizeof(c->request)) {
        fail("a request that does not fit");
    }
    memcpy(c->request + c->request_length, text, length);
    c->request_length += length;
}

#define PUT(c, literal) put((c), (literal), sizeof(literal) - 1)

static void make_check_in(struct load *load, struct connection *c)
{
    static const char routine[] = ",\"status\":\"safe\"",
                      cry[] = ",\"status\":\"need_help\",\"message\":\"the road to the airport is closed\"";
    struct uuid id;
    char id_text[UUID_TEXT_SIZE + 1], case_code[CASE_CODE_TEXT_SIZE + 1], length[24];
    uint64_t turn = load->first + load->begun++;
    bool cries = register_cries(turn);
    for (size_t i = 0; i < UUID_SIZE; i += sizeof(uint64_t)) {
        uint64_t random = next_random(load);
        memcpy(id.bytes + i, &random, sizeof(random));
    }
    id.bytes[6] = (uint8_t)((id.bytes[6] & 0x0f) | 0x40); /* RFC 9562: version 4 */
    id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3f) | 0x80);
    struct slice named = case_code_format(register_party(register_turn(turn, load->parties)), case_code);
    (void)uuid_format(&id, id_text);
    size_t body = sizeof("{\"client_id\":\"\",\"case\":\"\",\"location\":{\"lat\":13.51,\"lon\":2.11}}") - 1 +
                  UUID_TEXT_SIZE + named.length + (cries ? sizeof(cry) : sizeof(routine)) - 1;
    int digits = snprintf(length, sizeof(length), "%zu\r\n\r\n", body);
    c->request_length = 0;
    PUT(c, "POST /api/v1/check-ins HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ");
    put(c, length, (size_t)digits);
    PUT(c, "{\"client_id\":\"");
    put(c, id_text, UUID_TEXT_SIZE);
    PUT(c, "\",\"case\":\"");
    put(c, named.data, named.length);
    PUT(c, "\",\"location\":{\"lat\":13.51,\"lon\":2.11}");
    put(c, cries ? cry : routine, (cries ? sizeof(cry) : sizeof(routine)) - 1);
    PUT(c, "}");
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
    SSL_set_read_ahead(c->tls, 1); /* one read a record, not two */
    c->state = HANDSHAKING;
    watch(load, c, EPOLLIN, EPOLL_CTL_ADD);
}

static void close_connection(struct connection *c)
{
    SSL_free(c->tls);
    (void)close(c->fd); /* nothing is lost with it that was not counted */
    c->tls = NULL;
}

/* Gives the connection its next request; false when no more are wanted. */
static bool begin(struct load *load, struct connection *c)
{
    c->state = IDLE;
    if (!work_left(load)) {
        return false;
    }
    make_check_in(load, c);
    c->sent = 0;
    c->received = 0;
    c->started_us = clock_monotonic();
    c->state = WRITING;
    load->busy++;
    return true;
}

static void count_answer(struct load *load, struct connection *c, unsigned long status, struct slice body)
{
    load->busy--;
    load->ended_us = clock_monotonic();
    if (status != 201 && status != 202) {
        if (load->refused++ == 0) {
            (void)fprintf(stderr, "load: the first refusal is %lu: %.*s\n", status, SLICE_ARGS(body));
        }
        return;
    }
    load->latencies_us[load->stored++] = (uint32_t)(load->ended_us - c->started_us);
    load->journalled += status == 202;
    if (load->wanted >= 100000 && load->stored % (load->wanted / 10) == 0) {
        (void)fprintf(stderr, "load: %zu of %llu, %.1f s\n", load->stored, (unsigned long long)load->wanted,
                      (double)(load->ended_us - load->began_us) / 1e6);
    }
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
        return c->state == READING ? WAITS : GOES_ON;
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
        if (++load->lost > LOST_MAX) {
            fail("too many connections were lost");
        }
        close_connection(c);
        if (work_left(load)) {
            open_connection(load, c);
        }
    }
}

/* Every connection gets work until none is left and the last answer is in. */
static void run(struct load *load)
{
    struct epoll_event events[256];
    for (unsigned i = 0; i < load->connection_count; i++) {
        open_connection(load, &load->connections[i]);
        drive(load, &load->connections[i]);
    }
    load->began_us = load->ended_us = clock_monotonic();
    while (load->busy > 0 || work_left(load)) {
        int ready = epoll_wait(load->epoll, events, sizeof(events) / sizeof(events[0]), PATIENCE_SECONDS * 1000);
        if (ready < 0 && errno != EINTR) {
            fail("epoll_wait");
        }
        if (ready == 0) {
            fail("no answer for a long time");
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

static void print_result(struct load *load)
{
    double seconds = (double)(load->ended_us - load->began_us) / 1e6;
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) != 0) {
        fail("getrusage");
    }
    double cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    qsort(load->latencies_us, load->stored, sizeof(*load->latencies_us), compare_latency);
    printf("{\"stored\":%zu,\"seconds\":%.3f,\"rate\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"journalled\":%zu,"
           "\"refused\":%zu,\"lost\":%zu,\"cpu_seconds\":%.3f}\n",
           load->stored, seconds, seconds > 0 ? (double)load->stored / seconds : 0.0,
           load->stored > 0 ? load->latencies_us[load->stored / 2] / 1e3 : 0.0,
           load->stored > 0 ? load->latencies_us[load->stored * 99 / 100] / 1e3 : 0.0, load->journalled, load->refused,
           load->lost, cpu);
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
    load->latencies_us = calloc(load->wanted, sizeof(*load->latencies_us));
    random_fill(load->random, sizeof(load->random));
    if (load->context == NULL || load->epoll < 0 || load->connections == NULL || load->latencies_us == NULL ||
        SSL_CTX_set_min_proto_version(load->context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_load_verify_locations(load->context, certificate, NULL) != 1) {
        fail("preparing");
    }
    SSL_CTX_set_verify(load->context, SSL_VERIFY_PEER, NULL);
    (void)signal(SIGPIPE, SIG_IGN); /* a lost connection is counted, not fatal */
}

int main(int argc, char **argv)
{
    if (argc != 6 && argc != 7) {
        (void)fprintf(stderr, "usage: load PORT CERTIFICATE CONNECTIONS PARTIES CHECK_INS [FIRST_TURN]\n");
        return 2;
    }
    struct load load = {.connection_count = (unsigned)number(argv[3], 1, CONNECTIONS_MAX),
                        .parties = number(argv[4], 1, 100000000),
                        .wanted = number(argv[5], 1, 100000000),
                        .first = argc == 7 ? number(argv[6], 0, 100000000) : 0};
    prepare(&load, argv[1], argv[2]);
    run(&load);
    print_result(&load);
    for (unsigned i = 0; i < load.connection_count; i++) {
        if (load.connections[i].tls != NULL) {
            close_connection(&load.connections[i]);
        }
    }
    SSL_CTX_free(load.context);
    free(load.connections);
    free(load.latencies_us);
    return load.refused == 0 && load.stored == load.wanted ? 0 : 1;
}
