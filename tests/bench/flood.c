/* SPDX-License-Identifier: Apache-2.0
 * An open-loop load generator: check-ins are due at a fixed rate whatever becomes of those before, over keep-alive TLS 1.3 connections, and each
 * is timed from when it was due, so that a server that is slow cannot hide it by slowing the generator. Any answer may be a refusal.
 *
 * flood PORT CERTIFICATE CASES CONNECTIONS RATE SECONDS CRY_EVERY [LEDGER [ADDRESSES]]
 *   CASES: a file with one case code a line. RATE: requests a second; 0: closed loop, each connection asks again as soon as it is answered.
 *   CRY_EVERY: each so-manieth says need_help, the others safe. LEDGER ("-": none): a line "client_id c|r status" an answer. ADDRESSES:
 *   connections come from so many addresses of 127.1.0.0/16 in turn. Prints one JSON line; status 1 when an answer was neither stored nor a
 *   503 with Retry-After, or none came.
 *
 *   connection:  HANDSHAKING --done, a first GET answered--> IDLE --a request is due--> WRITING --all sent--> READING --whole answer--> IDLE
 *                     ^------------------------------- lost, its request counted as lost ---------------' */
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

enum {
    CONNECTIONS_MAX = 16384,
    ANSWERS_MAX = 8 << 20, /* latencies kept, of each kind */
    CASES_MAX = 100000,
    CASE_SIZE = 16,
    REQUEST_MAX = 512,
    ANSWER_MAX = 4096,
    LOST_MAX = 100000,
    PATIENCE_S = 40, /* for the last answers */
};

enum state { HANDSHAKING, IDLE, WRITING, READING };
enum class { CRY, ROUTINE, CLASSES };
enum fate { ACCEPTED, REFUSED, FATES };

struct connection {
    SSL *tls;
    struct connection *next_idle;
    int fd;
    unsigned number;
    enum state state;
    bool warming; /* its first request is no check-in: then it is a connection like any that stayed open */
    enum class class;
    struct uuid id;
    char request[REQUEST_MAX];
    size_t request_length, sent, received;
    char answer[ANSWER_MAX];
    int64_t due_us, begun_us;
};

struct times {
    uint32_t *us;
    size_t count;
};

struct flood {
    SSL_CTX *context;
    struct sockaddr_in address;
    int epoll;
    struct connection *connections, *idle;
    unsigned connection_count, addresses, cry_every;
    uint64_t rate, begun, answered, lost, odd, journalled[CLASSES], offered[CLASSES];
    int64_t began_us, ends_us, worst_lag_us;
    char (*cases)[CASE_SIZE];
    size_t case_count;
    uint64_t random[2];
    FILE *ledger;
    struct times times[CLASSES][FATES];
    struct times
        cries_begun; /* that were stored, timed from when they were begun: what the generator was late is not in it */
};

static _Noreturn void fail(const char *what)
{
    (void)fprintf(stderr, "flood: %s: %s\n", what, errno != 0 ? strerror(errno) : "failed");
    ERR_print_errors_fp(stderr);
    exit(2);
}

static uint64_t next_random(struct flood *flood) /* xorshift128+ (Vigna 2017) */
{
    uint64_t x = flood->random[0], y = flood->random[1];
    flood->random[0] = y;
    x ^= x << 23;
    flood->random[1] = x ^ y ^ (x >> 17) ^ (y >> 26);
    return flood->random[1] + y;
}

static void make_request(struct flood *flood, struct connection *c)
{
    char id[UUID_TEXT_SIZE + 1], body[REQUEST_MAX / 2];
    for (size_t i = 0; i < UUID_SIZE; i += sizeof(uint64_t)) {
        uint64_t random = next_random(flood);
        memcpy(c->id.bytes + i, &random, sizeof(random));
    }
    c->id.bytes[6] = (uint8_t)((c->id.bytes[6] & 0x0f) | 0x40); /* RFC 9562: version 4 */
    c->id.bytes[8] = (uint8_t)((c->id.bytes[8] & 0x3f) | 0x80);
    c->class = flood->begun % flood->cry_every == 0 ? CRY : ROUTINE;
    (void)uuid_format(&c->id, id);
    int length = snprintf(body, sizeof(body), "{\"client_id\":\"%s\",\"case\":\"%s\",\"status\":\"%s\"}", id,
                          flood->cases[flood->begun % flood->case_count], c->class == CRY ? "need_help" : "safe");
    int whole = snprintf(c->request, sizeof(c->request),
                         "POST /api/v1/check-ins HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                         "Content-Length: %d\r\n\r\n%s",
                         length, body);
    if (whole < 0 || (size_t)whole >= sizeof(c->request)) {
        fail("a request that does not fit");
    }
    c->request_length = (size_t)whole;
    flood->begun++;
    flood->offered[c->class]++;
}

static void open_connection(struct flood *flood, struct connection *c)
{
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0) {
        fail("socket");
    }
    if (flood->addresses > 0) {
        uint32_t host = c->number % flood->addresses;
        struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f010000 + host + 1)};
        if (setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one)) != 0 ||
            bind(c->fd, (struct sockaddr *)&from, sizeof(from)) != 0) {
            fail("bind");
        }
    }
    if (connect(c->fd, (struct sockaddr *)&flood->address, sizeof(flood->address)) != 0 ||
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0 || fcntl(c->fd, F_SETFL, O_NONBLOCK) != 0) {
        fail("connect");
    }
    c->tls = SSL_new(flood->context);
    if (c->tls == NULL || SSL_set_fd(c->tls, c->fd) != 1) {
        fail("SSL_new");
    }
    SSL_set_connect_state(c->tls);
    c->state = HANDSHAKING;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(flood->epoll, EPOLL_CTL_ADD, c->fd, &event) != 0) {
        fail("epoll_ctl");
    }
}

static void warm(struct connection *c)
{
    static const char first[] = "GET /.well-known/security.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    memcpy(c->request, first, sizeof(first) - 1);
    c->request_length = sizeof(first) - 1;
    c->sent = 0;
    c->received = 0;
    c->warming = true;
    c->state = WRITING;
}

static void rest(struct flood *flood, struct connection *c)
{
    c->state = IDLE;
    c->next_idle = flood->idle;
    flood->idle = c;
}

static void keep(struct times *times, int64_t us)
{
    if (times->count < ANSWERS_MAX) {
        times->us[times->count++] = (uint32_t)us;
    }
}

static void note(struct flood *flood, const struct connection *c, unsigned status)
{
    char id[UUID_TEXT_SIZE + 1];
    if (flood->ledger != NULL) {
        (void)uuid_format(&c->id, id);
        (void)fprintf(flood->ledger, "%s %c %u\n", id, c->class == CRY ? 'c' : 'r', status);
    }
}

static void count_answer(struct flood *flood, struct connection *c, unsigned status, bool retry_after)
{
    int64_t took_us = clock_monotonic() - c->due_us;
    flood->answered++;
    note(flood, c, status);
    if (status == 201 || status == 202) {
        flood->journalled[c->class] += status == 202;
        keep(&flood->times[c->class][ACCEPTED], took_us);
        if (c->class == CRY) {
            keep(&flood->cries_begun, took_us - (c->begun_us - c->due_us));
        }
    } else if (status == 503 && retry_after) {
        keep(&flood->times[c->class][REFUSED], took_us);
    } else if (flood->odd++ == 0) {
        (void)fprintf(stderr, "flood: the first odd answer: %.*s\n", (int)c->received, c->answer);
    }
}

/* True when the whole answer is there; it is then counted. */
static bool finish_answer(struct flood *flood, struct connection *c)
{
    struct slice all = slice_make(c->answer, c->received);
    size_t head = slice_find(all, SLICE("\r\n\r\n"));
    uint64_t length = 0, status = 0, retry_after = 0;
    if (head == all.length) {
        return false;
    }
    struct slice lines = slice_sub(all, 0, head), line;
    while (slice_split(&lines, '\n', &line)) {
        if (slice_equal_nocase(slice_sub(line, 0, 15), SLICE("content-length:"))) {
            (void)slice_to_u64(slice_trim(slice_sub(line, 15, line.length)), ANSWER_MAX, &length);
        } else if (slice_equal_nocase(slice_sub(line, 0, 12), SLICE("retry-after:"))) {
            (void)slice_to_u64(slice_trim(slice_sub(line, 12, line.length)), 3600, &retry_after);
        }
    }
    if (all.length < head + 4 + length) {
        return false;
    }
    (void)slice_to_u64(slice_sub(all, 9, 12), 999, &status);
    if (c->warming) {
        c->warming = false;
        return true;
    }
    count_answer(flood, c, (unsigned)status, retry_after > 0);
    return true;
}

enum progress { GOES_ON, WAITS, LOST };

static enum progress after(const struct connection *c, int result)
{
    int error = SSL_get_error(c->tls, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? WAITS : LOST;
}

static enum progress step_reading(struct flood *flood, struct connection *c)
{
    size_t got = 0;
    int result = SSL_read_ex(c->tls, c->answer + c->received, sizeof(c->answer) - c->received, &got);
    if (result != 1) {
        return after(c, result);
    }
    c->received += got;
    if (c->state == IDLE) { /* nobody asked for it */
        return LOST;
    }
    if (finish_answer(flood, c)) {
        rest(flood, c);
        return WAITS;
    }
    return GOES_ON;
}

static enum progress step(struct flood *flood, struct connection *c)
{
    size_t put = 0;
    int result = 0;
    ERR_clear_error();
    if (c->state == HANDSHAKING) {
        result = SSL_do_handshake(c->tls);
        if (result != 1) {
            return after(c, result);
        }
        warm(c);
        return GOES_ON;
    }
    if (c->state == WRITING) {
        result = SSL_write_ex(c->tls, c->request + c->sent, c->request_length - c->sent, &put);
        c->sent += put;
        if (c->sent == c->request_length) {
            c->state = READING;
            return WAITS;
        }
        return result == 1 ? GOES_ON : after(c, result);
    }
    return step_reading(flood, c);
}

static void forget_idle(struct flood *flood, const struct connection *c)
{
    for (struct connection **at = &flood->idle; *at != NULL; at = &(*at)->next_idle) {
        if (*at == c) {
            *at = c->next_idle;
            return;
        }
    }
}

static void drive(struct flood *flood, struct connection *c)
{
    enum progress progress = GOES_ON;
    while (progress == GOES_ON) {
        progress = step(flood, c);
    }
    if (progress == LOST) {
        if (!c->warming && (c->state == WRITING || c->state == READING)) {
            flood->lost++;
            note(flood, c, 0);
        } else if (c->state == IDLE) {
            forget_idle(flood, c);
        }
        if (flood->lost > LOST_MAX) {
            fail("too many connections were lost");
        }
        SSL_free(c->tls);
        (void)close(c->fd);
        open_connection(flood, c);
        drive(flood, c);
    }
}

/* As many as are due by now, as far as connections are free. */
static void begin_due(struct flood *flood)
{
    int64_t now = clock_monotonic();
    if (now > flood->ends_us) {
        return;
    }
    uint64_t due =
        flood->rate == 0 ? UINT64_MAX : (uint64_t)(now - flood->began_us) * flood->rate / MICROSECONDS_A_SECOND + 1;
    while (flood->begun < due && flood->idle != NULL) {
        struct connection *c = flood->idle;
        flood->idle = c->next_idle;
        c->due_us = flood->rate == 0 ? clock_monotonic()
                                     : flood->began_us + (int64_t)(flood->begun * MICROSECONDS_A_SECOND / flood->rate);
        flood->worst_lag_us = now - c->due_us > flood->worst_lag_us ? now - c->due_us : flood->worst_lag_us;
        make_request(flood, c);
        c->begun_us = clock_monotonic();
        c->sent = 0;
        c->received = 0;
        c->state = WRITING;
        drive(flood, c);
    }
}

static void poll_once(struct flood *flood, int timeout_ms)
{
    struct epoll_event events[256];
    int ready = epoll_wait(flood->epoll, events, sizeof(events) / sizeof(events[0]), timeout_ms);
    if (ready < 0 && errno != EINTR) {
        fail("epoll_wait");
    }
    for (int i = 0; i < ready; i++) {
        drive(flood, events[i].data.ptr);
    }
}

static unsigned idle_count(const struct flood *flood)
{
    unsigned count = 0;
    for (const struct connection *c = flood->idle; c != NULL; c = c->next_idle) {
        count++;
    }
    return count;
}

static void run(struct flood *flood, int64_t seconds)
{
    for (unsigned i = 0; i < flood->connection_count; i++) {
        flood->connections[i].number = i;
        open_connection(flood, &flood->connections[i]);
        drive(flood, &flood->connections[i]);
        poll_once(flood, 0);
    }
    int64_t patience_us = clock_monotonic() + PATIENCE_S * MICROSECONDS_A_SECOND;
    while (idle_count(flood) < flood->connection_count && clock_monotonic() < patience_us) {
        poll_once(flood, 10);
    }
    flood->began_us = clock_monotonic();
    flood->ends_us = flood->began_us + seconds * MICROSECONDS_A_SECOND;
    patience_us = flood->ends_us + PATIENCE_S * MICROSECONDS_A_SECOND;
    while (clock_monotonic() < flood->ends_us || flood->answered + flood->lost < flood->begun) {
        if (clock_monotonic() > patience_us) {
            fail("no answer for a long time");
        }
        begin_due(flood);
        poll_once(flood, flood->idle == NULL || flood->rate > 0 ? 1 : 0);
    }
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void print_times(struct times *times, const char *name)
{
    qsort(times->us, times->count, sizeof(*times->us), compare);
    bool any = times->count > 0;
    printf(",\"%s\":%zu,\"%s_p50_ms\":%.3f,\"%s_p99_ms\":%.3f,\"%s_max_ms\":%.3f", name, times->count, name,
           any ? times->us[times->count / 2] / 1e3 : 0.0, name, any ? times->us[times->count * 99 / 100] / 1e3 : 0.0,
           name, any ? times->us[times->count - 1] / 1e3 : 0.0);
}

static void report(struct flood *flood, int64_t seconds)
{
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) != 0) {
        fail("getrusage");
    }
    size_t accepted = flood->times[CRY][ACCEPTED].count + flood->times[ROUTINE][ACCEPTED].count;
    printf("{\"offered\":%llu,\"offered_rate\":%.1f,\"accepted_rate\":%.1f,\"lost\":%llu,\"odd\":%llu,\"lag_ms\":%.1f,"
           "\"cries\":%llu,\"cries_journalled\":%llu,\"routine_journalled\":%llu,\"cpu_seconds\":%.3f",
           (unsigned long long)flood->begun, (double)flood->begun / (double)seconds, (double)accepted / (double)seconds,
           (unsigned long long)flood->lost, (unsigned long long)flood->odd, (double)flood->worst_lag_us / 1e3,
           (unsigned long long)flood->offered[CRY], (unsigned long long)flood->journalled[CRY],
           (unsigned long long)flood->journalled[ROUTINE],
           (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
               (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
    print_times(&flood->times[CRY][ACCEPTED], "cry_accepted");
    print_times(&flood->cries_begun, "cry_begun");
    print_times(&flood->times[CRY][REFUSED], "cry_refused");
    print_times(&flood->times[ROUTINE][ACCEPTED], "routine_accepted");
    print_times(&flood->times[ROUTINE][REFUSED], "routine_refused");
    printf("}\n");
}

static uint64_t number(const char *text, uint64_t least, uint64_t most)
{
    uint64_t value = 0;
    if (!slice_to_u64(slice_of(text), most, &value) || value < least) {
        (void)fprintf(stderr, "flood: %s is not a number from %llu to %llu\n", text, (unsigned long long)least,
                      (unsigned long long)most);
        exit(2);
    }
    return value;
}

static void read_cases(struct flood *flood, const char *path)
{
    FILE *file = fopen(path, "re");
    flood->cases = calloc(CASES_MAX, sizeof(*flood->cases));
    if (file == NULL || flood->cases == NULL) {
        fail(path);
    }
    while (flood->case_count < CASES_MAX && fscanf(file, "%15s", flood->cases[flood->case_count]) == 1) {
        flood->case_count++;
    }
    (void)fclose(file); /* it was only read */
}

static void prepare(struct flood *flood, const char *port, const char *certificate, const char *ledger)
{
    flood->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)number(port, 1, 65535))};
    flood->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    flood->context = SSL_CTX_new(TLS_client_method());
    flood->epoll = epoll_create1(EPOLL_CLOEXEC);
    flood->connections = calloc(flood->connection_count, sizeof(*flood->connections));
    flood->ledger = ledger != NULL && strcmp(ledger, "-") != 0 ? fopen(ledger, "we") : NULL;
    flood->cries_begun.us = calloc(ANSWERS_MAX, sizeof(uint32_t));
    random_fill(flood->random, sizeof(flood->random));
    for (size_t i = 0; i < CLASSES; i++) {
        for (size_t k = 0; k < FATES; k++) {
            flood->times[i][k].us = calloc(ANSWERS_MAX, sizeof(uint32_t)); /* touched only as far as it is used */
        }
    }
    if (flood->context == NULL || flood->epoll < 0 || flood->connections == NULL || flood->case_count == 0 ||
        flood->cries_begun.us == NULL || flood->times[CRY][ACCEPTED].us == NULL ||
        flood->times[CRY][REFUSED].us == NULL || flood->times[ROUTINE][ACCEPTED].us == NULL ||
        flood->times[ROUTINE][REFUSED].us == NULL ||
        (ledger != NULL && strcmp(ledger, "-") != 0 && flood->ledger == NULL) ||
        SSL_CTX_set_min_proto_version(flood->context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_load_verify_locations(flood->context, certificate, NULL) != 1) {
        fail("preparing");
    }
    SSL_CTX_set_verify(flood->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_read_ahead(flood->context, 1);
    SSL_CTX_set_mode(flood->context, SSL_MODE_RELEASE_BUFFERS);
    (void)signal(SIGPIPE, SIG_IGN); /* a lost connection is counted, not fatal */
}

int main(int argc, char **argv)
{
    if (argc < 8 || argc > 10) {
        (void)fprintf(stderr,
                      "usage: flood PORT CERTIFICATE CASES CONNECTIONS RATE SECONDS CRY_EVERY [LEDGER [ADDRESSES]]\n");
        return 2;
    }
    struct flood flood = {.connection_count = (unsigned)number(argv[4], 1, CONNECTIONS_MAX),
                          .rate = number(argv[5], 0, 1000000),
                          .cry_every = (unsigned)number(argv[7], 1, 1000000),
                          .addresses = argc > 9 ? (unsigned)number(argv[9], 0, 65000) : 0};
    int64_t seconds = (int64_t)number(argv[6], 1, 3600);
    read_cases(&flood, argv[3]);
    prepare(&flood, argv[1], argv[2], argc > 8 ? argv[8] : NULL);
    run(&flood, seconds);
    report(&flood, seconds);
    bool written = flood.ledger == NULL || fclose(flood.ledger) == 0;
    return flood.odd == 0 && flood.lost == 0 && written ? 0 : 1;
}
