/* SPDX-License-Identifier: Apache-2.0
 * post_load: check-ins over keep-alive TLS 1.3, one at a time on each connection, the same octets whoever answers; so two servers may
 * be compared. Every answer must be 201 or 202.
 *
 * post_load PORT CERTIFICATE CASES CONNECTIONS COUNT [RATE [wordless | URL KEY]]: CASES is a file with one case code a line; RATE is the most requests a
 * second, 0 for no bound. With words somebody has to read each check-in; `wordless` are the safe without. With URL and KEY the lines are telephone numbers, and each request is a text message from one, as Twilio posts it to
 * the URL and signs it with the key; its answer must be 200. Prints one JSON line.
 *
 *   connection:  HANDSHAKING --done--> WRITING --all sent--> READING --whole answer--> WRITING, or IDLE when COUNT are asked or RATE is kept
 *                                                            ^---- on time -- IDLE */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
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
    COUNT_MAX = 4000000,
    CASES_MAX = 100000,
    CASE_SIZE = 16,
    REQUEST_MAX = 1024,
    ANSWER_MAX = 16384
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
    size_t connection_count;
    char (*cases)[CASE_SIZE];
    size_t case_count;
    size_t wanted, begun, answered, journalled;
    size_t rate;           /* requests a second, at most; 0: unbounded */
    struct slice url, key; /* of a gateway; empty: check-ins */
    bool wordless;         /* who is safe says no more */
    int64_t began_us;
    size_t body_octets; /* of all answers */
    uint32_t *latencies_us;
};

static _Noreturn void fail(const char *what)
{
    (void)fprintf(stderr, "post_load: %s: %s\n", what, errno != 0 ? strerror(errno) : "failed");
    ERR_print_errors_fp(stderr);
    exit(1);
}

static size_t number(const char *text, size_t most)
{
    uint64_t value = 0;
    if (!slice_to_u64(slice_of(text), most, &value) || value == 0) {
        (void)fprintf(stderr, "post_load: %s is not a number from 1 to %zu\n", text, most);
        exit(2);
    }
    return (size_t)value;
}

static void read_cases(struct load *load, const char *path)
{
    FILE *file = fopen(path, "r");
    load->cases = calloc(CASES_MAX, sizeof(*load->cases));
    if (file == NULL || load->cases == NULL) {
        fail(path);
    }
    while (load->case_count < CASES_MAX && fscanf(file, "%15s", load->cases[load->case_count]) == 1) {
        load->case_count++;
    }
    if (load->case_count == 0) {
        fail("no cases");
    }
    (void)fclose(file); /* it was only read */
}

static void watch(struct load *load, struct connection *c)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, c->fd, &event) != 0) {
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
    watch(load, c);
}

/* How many requests may have begun by now. */
static size_t allowed(const struct load *load)
{
    return load->rate == 0 ? SIZE_MAX
                           : (size_t)(clock_monotonic() - load->began_us) * load->rate / MICROSECONDS_A_SECOND + 1;
}

static int make_check_in(const struct load *load, const char *id, char request[REQUEST_MAX])
{
    char body[REQUEST_MAX / 2];
    bool cries = load->begun % 10 == 0;
    int body_length = snprintf(body, sizeof(body),
                               "{\"client_id\":\"%s\",\"case\":\"%s\",\"status\":\"%s\",\"location\":{\"lat\":13.51,"
                               "\"lon\":2.11}%s}",
                               id, load->cases[load->begun % load->case_count], cries ? "need_help" : "safe",
                               load->wordless && !cries ? "" : ",\"message\":\"we are at home and well\"");
    return snprintf(request, REQUEST_MAX,
                    "POST /api/v1/check-ins HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                    "Content-Length: %d\r\n\r\n%s",
                    body_length, body);
}

/* https://www.twilio.com/docs/usage/security: HMAC-SHA1 of the URL and the form's names and values in the order of the names. */
static int make_text(const struct load *load, const char *uuid, char request[REQUEST_MAX])
{
    char id[UUID_TEXT_SIZE + 1] = "SM"; /* "SM" and 32 hexadecimal digits: a uuid without its hyphens */
    size_t at = 2;
    for (; *uuid != '\0'; uuid++) {
        if (*uuid != '-') {
            id[at++] = *uuid;
        }
    }
    id[at] = '\0';
    char body[REQUEST_MAX / 2], signed_text[REQUEST_MAX], signature[64];
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned mac_length = 0;
    const char *phone = load->cases[load->begun % load->case_count];
    bool cries = load->begun % 10 == 0;
    int body_length = snprintf(body, sizeof(body), "From=%%2B%s&To=8888&MessageSid=%s&Body=%s", phone, id,
                               cries ? "HELP+we+are+4+in+Zinder" : "SAFE+at+home");
    int signed_length = snprintf(signed_text, sizeof(signed_text), "%.*sBody%sFrom+%sMessageSid%sTo8888",
                                 SLICE_ARGS(load->url), cries ? "HELP we are 4 in Zinder" : "SAFE at home", phone, id);
    if (signed_length < 0 || (size_t)signed_length >= sizeof(signed_text) ||
        HMAC(EVP_sha1(), load->key.data, (int)load->key.length, (const unsigned char *)signed_text,
             (size_t)signed_length, mac, &mac_length) == NULL) {
        fail("signing");
    }
    (void)EVP_EncodeBlock((unsigned char *)signature, mac, (int)mac_length); /* 20 octets, 28 characters */
    struct slice path = slice_sub(load->url, slice_find(load->url, SLICE("/gateway/")), load->url.length);
    return snprintf(request, REQUEST_MAX,
                    "POST %.*s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    "X-Twilio-Signature: %s\r\nContent-Length: %d\r\n\r\n%s",
                    SLICE_ARGS(path), signature, body_length, body);
}

static void begin(struct load *load, struct connection *c)
{
    char id[UUID_TEXT_SIZE + 1];
    struct uuid client_id = uuid_random();
    c->state = IDLE;
    if (load->begun == load->wanted || load->begun >= allowed(load)) {
        return;
    }
    (void)uuid_format(&client_id, id);
    int length = load->url.length > 0 ? make_text(load, id, c->request) : make_check_in(load, id, c->request);
    if (length < 0 || (size_t)length >= sizeof(c->request)) {
        fail("a request that does not fit");
    }
    c->request_length = (size_t)length;
    c->sent = 0;
    c->received = 0;
    c->started_us = clock_monotonic();
    c->state = WRITING;
    load->begun++;
}

static void count_answer(struct load *load, struct connection *c, struct slice status, struct slice body)
{
    bool journalled = slice_equal(status, SLICE("202"));
    if (!journalled && !slice_equal(status, load->url.length > 0 ? SLICE("200") : SLICE("201"))) {
        (void)fprintf(stderr, "post_load: an answer is %.*s: %.*s\n", SLICE_ARGS(status), SLICE_ARGS(body));
        exit(1);
    }
    load->latencies_us[load->answered++] = (uint32_t)(clock_monotonic() - c->started_us);
    load->journalled += journalled ? 1 : 0;
    load->body_octets += body.length;
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
        if (slice_equal_nocase(slice_sub(line, 0, 15), SLICE("content-length:"))) {
            (void)slice_to_u64(slice_trim(slice_sub(line, 15, line.length)), ANSWER_MAX, &length);
        }
    }
    if (all.length < head + 4 + length) {
        return false;
    }
    count_answer(load, c, slice_sub(all, 9, 12), slice_sub(all, head + 4, head + 4 + (size_t)length));
    return true;
}

/* One call into OpenSSL; false when it has to wait for the socket. */
static bool step(struct load *load, struct connection *c)
{
    size_t count = 0;
    int result = 0;
    char unasked[64];
    ERR_clear_error();
    switch (c->state) {
    case HANDSHAKING:
        result = SSL_do_handshake(c->tls);
        if (result == 1) {
            begin(load, c);
        }
        break;
    case WRITING:
        result = SSL_write_ex(c->tls, c->request + c->sent, c->request_length - c->sent, &count);
        c->sent += count;
        c->state = c->sent == c->request_length ? READING : WRITING;
        break;
    case READING:
        result = SSL_read_ex(c->tls, c->answer + c->received, sizeof(c->answer) - c->received, &count);
        c->received += count;
        if (result == 1 && finish_answer(load, c)) {
            begin(load, c);
        }
        break;
    case IDLE: /* a session ticket, at most */
        result = SSL_read_ex(c->tls, unasked, sizeof(unasked), &count);
        break;
    }
    int error = result == 1 ? SSL_ERROR_NONE : SSL_get_error(c->tls, result);
    if (error != SSL_ERROR_NONE && error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        fail("a connection was lost");
    }
    return error == SSL_ERROR_NONE;
}

/* Those that waited for their time; in turn, so that each is used alike. */
static void begin_waiting(struct load *load)
{
    static size_t next = 0;
    for (size_t i = 0; i < load->connection_count && load->begun < allowed(load) && load->begun < load->wanted; i++) {
        struct connection *c = &load->connections[next++ % load->connection_count];
        if (c->state == IDLE) {
            begin(load, c);
            while (step(load, c)) {
            }
        }
    }
}

static void run(struct load *load)
{
    struct epoll_event events[256];
    int64_t patience_us = clock_monotonic() + 600 * MICROSECONDS_A_SECOND;
    while (load->answered < load->wanted) {
        int ready = epoll_wait(load->epoll, events, sizeof(events) / sizeof(events[0]), load->rate > 0 ? 1 : 1000);
        if ((ready < 0 && errno != EINTR) || clock_monotonic() > patience_us) {
            fail("waiting");
        }
        for (int i = 0; i < ready; i++) {
            while (step(load, events[i].data.ptr)) {
            }
        }
        if (load->rate > 0) {
            begin_waiting(load);
        }
    }
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void report(struct load *load, int64_t took_us)
{
    double seconds = (double)took_us / 1e6;
    qsort(load->latencies_us, load->answered, sizeof(*load->latencies_us), compare);
    printf("{\"count\":%zu,\"seconds\":%.3f,\"rate\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"journalled\":%zu,\"body_"
           "octets\":%zu,"
           "\"tls\":\"%s\",\"cipher\":\"%s\"}\n",
           load->answered, seconds, (double)load->answered / seconds, load->latencies_us[load->answered / 2] / 1e3,
           load->latencies_us[load->answered * 99 / 100] / 1e3, load->journalled, load->body_octets / load->answered,
           SSL_get_version(load->connections[0].tls), SSL_get_cipher_name(load->connections[0].tls));
}

static void release(struct load *load)
{
    for (size_t i = 0; i < load->connection_count; i++) {
        SSL_free(load->connections[i].tls);
        (void)close(load->connections[i].fd); /* every answer was counted */
    }
    SSL_CTX_free(load->context);
    (void)close(load->epoll);
    free(load->connections);
    free(load->cases);
    free(load->latencies_us);
}

int main(int argc, char **argv)
{
    bool wordless = argc == 8 && strcmp(argv[7], "wordless") == 0;
    if (argc < 6 || argc > 9 || (argc == 8 && !wordless)) {
        (void)fprintf(stderr,
                      "usage: post_load PORT CERTIFICATE CASES CONNECTIONS COUNT [RATE [wordless | URL KEY]]\n");
        return 2;
    }
    struct load load = {.wordless = wordless,
                        .connection_count = number(argv[4], CONNECTIONS_MAX),
                        .wanted = number(argv[5], COUNT_MAX)};
    load.address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)number(argv[1], 65535))};
    load.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    load.rate = argc >= 7 && strcmp(argv[6], "0") != 0 ? number(argv[6], COUNT_MAX) : 0;
    load.url = slice_of(argc == 9 ? argv[7] : "");
    load.key = slice_of(argc == 9 ? argv[8] : "");
    read_cases(&load, argv[3]);
    load.context = SSL_CTX_new(TLS_client_method());
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    load.connections = calloc(load.connection_count, sizeof(*load.connections));
    load.latencies_us = calloc(load.wanted, sizeof(*load.latencies_us));
    if (load.context == NULL || load.epoll < 0 || load.connections == NULL || load.latencies_us == NULL ||
        SSL_CTX_load_verify_locations(load.context, argv[2], NULL) != 1 ||
        SSL_CTX_set_min_proto_version(load.context, TLS1_3_VERSION) != 1) {
        fail("preparing");
    }
    SSL_CTX_set_verify(load.context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_read_ahead(load.context, 1);
    (void)signal(SIGPIPE, SIG_IGN); /* a lost connection is an error to report, not a signal */
    for (size_t i = 0; i < load.connection_count; i++) {
        open_connection(&load, &load.connections[i]);
    }
    load.began_us = clock_monotonic();
    run(&load);
    report(&load, clock_monotonic() - load.began_us);
    release(&load);
    return 0;
}
