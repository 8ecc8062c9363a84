/* SPDX-License-Identifier: Apache-2.0
 * Citizens who write down what they were promised: N keep-alive TLS connections that register and check in without a pause, as JSON
 * and as forms, and send the same again until it is answered. Each line of the ledger is one event; see put_sent and put_answer.
 * The ledger is synced by this process, which no test kills. SIGTERM: nothing new is begun, and what was begun is sent until it is
 * answered. Then prints one JSON line.
 *
 *   connection:  RESTING --due--> HANDSHAKING --done--> IDLE --a submission--> WRITING --all sent--> READING --whole answer--> IDLE
 *                   ^------------------------ lost, or reset by us on purpose ------------------------'
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
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
    REQUEST_MAX = 2048,
    ANSWER_MAX = 64 * 1024, /* a page with all its facts */
    PARTIES_MAX = 4096,     /* the latest that were answered: who checks in is one of them */
    CASE_SIZE = 12,
    SECRET_SIZE = 24,
    SYNC_US = 50 * 1000,  /* between two syncs of the ledger */
    REST_US = 20 * 1000,  /* after a lost connection, and as much again by chance */
    RETRY_US = 50 * 1000, /* after a refusal: impatient citizens, whatever Retry-After says */
    DRAIN_SECONDS = 60,
    STRANGERS = 5000000, /* phones from this number on are nobody's */
};

enum kind { REGISTRATION, REGISTRATION_FORM, CHECK_IN, CHECK_IN_FORM, KIND_COUNT };
static const char kind_letters[KIND_COUNT + 1] = "RFCG";

enum target { BY_CASE, BY_KNOWN_PHONE, BY_STRANGERS_PHONE };

struct submission {
    char id[UUID_TEXT_SIZE + 1];
    enum kind kind;
    enum target target;
    unsigned status, people, phone; /* people: of a party or of a check-in */
    char case_code[CASE_SIZE];      /* a check-in's */
    bool is_certain;                /* the party was committed before this was made */
    unsigned attempts;
    bool again; /* answered already, and sent once more */
};

struct party {
    char case_code[CASE_SIZE];
    unsigned phone;
    bool committed; /* answered 201 */
};

enum state { RESTING, HANDSHAKING, IDLE, WRITING, READING };

struct connection {
    SSL *tls;
    int fd;
    enum state state;
    int64_t due_us; /* RESTING: connect; IDLE with a submission: send; READING: reset the connection, 0 for never */
    bool has_submission;
    struct submission submission;
    char request[REQUEST_MAX];
    size_t request_length, sent;
    char answer[ANSWER_MAX];
    size_t received;
};

struct tally {
    uint64_t begun, stored, journalled, again, refused, odd, lost, resets;
};

struct client {
    SSL_CTX *context;
    struct sockaddr_in address;
    int epoll;
    struct connection *connections;
    unsigned connection_count;
    const char *crisis;
    uint64_t chance; /* state of the generator */
    FILE *ledger;
    bool dirty;
    int64_t synced_us;
    struct party *parties;
    size_t party_count;
    unsigned next_phone;
    unsigned reset_percent;
    struct tally tally;
};

static volatile sig_atomic_t draining;

static const char *const statuses[] = {"safe",      "safe",    "safe",      "moving",
                                       "need_help", "injured", "in_danger", "departed"};
enum { STATUS_COUNT = sizeof(statuses) / sizeof(statuses[0]) };

static _Noreturn void fail(const char *what)
{
    (void)fprintf(stderr, "ledger_client: %s: %s\n", what, errno != 0 ? strerror(errno) : "failed");
    ERR_print_errors_fp(stderr);
    exit(1);
}

/* splitmix64 (Steele, Lea, Flood 2014): the same seed gives the same citizens. */
static unsigned below(struct client *client, unsigned limit)
{
    uint64_t z = client->chance += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (unsigned)((z ^ z >> 31) >> 33) % limit;
}

/* --- the ledger ---------------------------------------------------------------------------------------------------------- */

/* "S id kind people status case phone", before the first byte leaves: case "-" when the party is not certain yet. */
static void put_sent(struct client *client, const struct submission *s)
{
    bool check_in = s->kind > REGISTRATION_FORM;
    const char *code = s->target == BY_CASE || s->is_certain ? s->case_code : "-";
    if (fprintf(client->ledger, "S %s %c %u %s %s %u\n", s->id, kind_letters[s->kind], s->people,
                check_in ? statuses[s->status] : "-", check_in ? code : "-", s->phone) < 0 ||
        fflush(client->ledger) != 0) {
        fail("ledger");
    }
    client->dirty = true;
}

/* "A id status attempts case secret band": what a 2xx said, "-" for what it did not say; "X ..." for what may not be said. */
static void put_answer(struct client *client, const struct submission *s, unsigned status, const char *code,
                       const char *secret, const char *band)
{
    if (fprintf(client->ledger, "%c %s %u %u %s %s %s\n", code != NULL ? 'A' : 'X', s->id, status, s->attempts,
                code != NULL ? code : "-", secret, band) < 0) {
        fail("ledger");
    }
    client->dirty = true;
}

static void sync_ledger(struct client *client, bool now)
{
    int64_t time_us = clock_monotonic();
    if (client->dirty && (now || time_us - client->synced_us > SYNC_US)) {
        if (fflush(client->ledger) != 0 || fdatasync(fileno(client->ledger)) != 0) {
            fail("ledger");
        }
        client->dirty = false;
        client->synced_us = clock_monotonic();
    }
}

/* --- what is sent -------------------------------------------------------------------------------------------------------- */

static enum kind choose_kind(struct client *client)
{
    unsigned n = below(client, 100);
    if (client->party_count == 0 || n < 10) {
        return n % 4 == 0 ? REGISTRATION_FORM : REGISTRATION;
    }
    return n < 20 ? CHECK_IN_FORM : CHECK_IN;
}

static void make_submission(struct client *client, struct submission *s)
{
    struct uuid id = uuid_random();
    *s = (struct submission){.kind = choose_kind(client), .people = 1 + below(client, 2)};
    (void)uuid_format(&id, s->id);
    if (s->kind <= REGISTRATION_FORM) {
        s->phone = client->next_phone++ % STRANGERS;
        return;
    }
    size_t kept = client->party_count < PARTIES_MAX ? client->party_count : PARTIES_MAX;
    const struct party *party = &client->parties[below(client, (unsigned)kept)];
    unsigned n = below(client, 100);
    s->target = n < 88 ? BY_CASE : n < 95 ? BY_KNOWN_PHONE : BY_STRANGERS_PHONE;
    s->status = below(client, STATUS_COUNT);
    s->people = 1 + below(client, 90);
    s->phone = s->target == BY_STRANGERS_PHONE ? STRANGERS + below(client, STRANGERS) : party->phone;
    s->is_certain = s->target == BY_KNOWN_PHONE && party->committed;
    memcpy(s->case_code, party->case_code, sizeof(s->case_code));
}

/* The words hold the id's first symbols, so that a reader can tell whose words they are. */
static int write_registration(const struct client *client, const struct submission *s, char *body, size_t size)
{
    if (s->kind == REGISTRATION_FORM) {
        return snprintf(
            body, size,
            "client_id=%s&crisis=%s&language=fr&party/0/family_name=Dremmovash&party/0/given_names=Ilka+%.8s"
            "&contacts/0/kind=phone&contacts/0/value=%%2B2279%07u&intent=staying",
            s->id, client->crisis, s->id, s->phone);
    }
    return snprintf(
        body, size,
        "{\"crisis\":\"%s\",\"client_id\":\"%s\",\"language\":\"fr\",\"party\":[{\"family_name\":\"Dremmovash\","
        "\"given_names\":\"Ilka "
        "%.8s\"}%s],\"contacts\":[{\"kind\":\"phone\",\"value\":\"+2279%07u\",\"primary\":true}],"
        "\"intent\":\"staying\"}",
        client->crisis, s->id, s->id, s->people > 1 ? ",{\"family_name\":\"Dremmovash\"}" : "", s->phone);
}

static int write_check_in(const struct submission *s, char *body, size_t size)
{
    char who[64];
    if (s->kind == CHECK_IN_FORM && s->target == BY_CASE) {
        (void)snprintf(who, sizeof(who), "case=%s", s->case_code);
    } else if (s->kind == CHECK_IN_FORM) {
        (void)snprintf(who, sizeof(who), "phone=%%2B2279%07u", s->phone);
    } else if (s->target == BY_CASE) {
        (void)snprintf(who, sizeof(who), "\"case\":\"%s\"", s->case_code);
    } else {
        (void)snprintf(who, sizeof(who), "\"phone\":\"+2279%07u\"", s->phone);
    }
    if (s->kind == CHECK_IN_FORM) {
        return snprintf(body, size, "client_id=%s&%s&status=%s&people=%u&message=Quornelith+%.8s", s->id, who,
                        statuses[s->status], s->people, s->id);
    }
    return snprintf(body, size,
                    "{\"client_id\":\"%s\",%s,\"status\":\"%s\",\"people\":%u,\"message\":\"Quornelith %.8s\"}", s->id,
                    who, statuses[s->status], s->people, s->id);
}

static void put_request(const struct client *client, struct connection *c)
{
    static const char *const paths[] = {"/api/v1/registrations", "/register", "/api/v1/check-ins", "/check-in"};
    const struct submission *s = &c->submission;
    char body[REQUEST_MAX];
    int length = s->kind <= REGISTRATION_FORM ? write_registration(client, s, body, sizeof(body))
                                              : write_check_in(s, body, sizeof(body));
    if (length > 0 && (size_t)length < sizeof(body)) {
        length = snprintf(
            c->request, sizeof(c->request),
            "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/%s\r\nContent-Length: %zu\r\n"
            "Idempotency-Key: %s\r\n\r\n%s", /* as the page's script has it */
            paths[s->kind], paths[s->kind][1] == 'a' ? "json" : "x-www-form-urlencoded", strlen(body), s->id, body);
    }
    if (length < 0 || (size_t)length >= sizeof(c->request)) {
        fail("a request that does not fit");
    }
    c->request_length = (size_t)length;
}

/* --- connections --------------------------------------------------------------------------------------------------------- */

static void rest(struct client *client, struct connection *c)
{
    SSL_free(c->tls);
    if (c->fd >= 0) {
        (void)close(c->fd); /* an unanswered submission is sent again on the next one */
    }
    c->tls = NULL;
    c->fd = -1;
    c->state = RESTING;
    c->due_us = clock_monotonic() + REST_US + below(client, REST_US);
}

/* With no time to linger a close is a reset: the answer may be on its way, and is lost. */
static void reset(struct client *client, struct connection *c)
{
    struct linger now = {1, 0};
    (void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now,
                     sizeof(now)); /* if not, it is a close: the answer is lost too */
    client->tally.resets++;
    rest(client, c);
}

static void start_connecting(struct client *client, struct connection *c)
{
    int one = 1;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    c->tls = SSL_new(client->context);
    if (c->fd < 0 || c->tls == NULL || setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0 ||
        SSL_set_fd(c->tls, c->fd) != 1) {
        fail("connect");
    }
    if (connect(c->fd, (struct sockaddr *)&client->address, sizeof(client->address)) != 0 && errno != EINPROGRESS) {
        rest(client, c); /* nobody listens just now */
        return;
    }
    SSL_set_connect_state(c->tls);
    c->state = HANDSHAKING;
    if (epoll_ctl(client->epoll, EPOLL_CTL_ADD, c->fd, &event) != 0) {
        fail("epoll_ctl");
    }
}

/* Gives an idle connection something to send; false when there is nothing for now. */
static bool begin(struct client *client, struct connection *c)
{
    if (!c->has_submission && draining) {
        return false;
    }
    if (!c->has_submission) {
        make_submission(client, &c->submission);
        put_sent(client, &c->submission);
        c->has_submission = true;
        client->tally.begun++;
    }
    put_request(client, c);
    c->submission.attempts++;
    c->sent = 0;
    c->received = 0;
    c->state = WRITING;
    return true;
}

static struct slice json_text(struct slice body, struct slice name)
{
    size_t at = slice_find(body, name);
    struct slice rest_of_it = slice_sub(body, at + name.length, body.length);
    return slice_sub(rest_of_it, 0, slice_index(rest_of_it, '"'));
}

/* On the page the case code and then the secret stand so. */
static struct slice page_code(struct slice *body)
{
    struct slice mark = SLICE("<span class=\"code\">");
    size_t at = slice_find(*body, mark);
    *body = slice_sub(*body, at + mark.length, body->length);
    return slice_sub(*body, 0, slice_index(*body, '<'));
}

static bool copy(struct slice from, char *to, size_t size)
{
    if (from.length == 0 || from.length >= size) {
        return false;
    }
    memcpy(to, from.data, from.length);
    to[from.length] = '\0';
    return true;
}

static bool take_registered(struct client *client, const struct submission *s, unsigned status, struct slice body)
{
    struct party party = {.phone = s->phone, .committed = status == 201};
    char secret[SECRET_SIZE];
    bool form = s->kind == REGISTRATION_FORM;
    struct slice code = form ? page_code(&body) : json_text(body, SLICE("\"case\":\""));
    struct slice words = form ? page_code(&body) : json_text(body, SLICE("\"secret\":\""));
    if (!copy(code, party.case_code, sizeof(party.case_code)) || !copy(words, secret, sizeof(secret))) {
        return false;
    }
    put_answer(client, s, status, party.case_code, secret, "-");
    if (!s->again) {
        client->parties[client->party_count++ % PARTIES_MAX] = party;
    }
    return true;
}

static bool take_checked_in(struct client *client, const struct submission *s, unsigned status, struct slice body)
{
    size_t at = slice_find(body, SLICE("\"band\":"));
    if (slice_find(body, slice_of(s->id)) == body.length || (s->kind == CHECK_IN && at == body.length)) {
        return false; /* not this one's receipt */
    }
    char band[2] = {s->kind == CHECK_IN ? body.data[at + 7] : '-', '\0'};
    put_answer(client, s, status, "-", "-", band[0] == 'n' ? "0" : band);
    return true;
}

static void take_answer(struct client *client, struct connection *c, unsigned status, struct slice body)
{
    struct submission *s = &c->submission;
    bool check_in = s->kind > REGISTRATION_FORM;
    c->state = IDLE;
    c->due_us = 0;
    if (status == 503 || status == 429) {
        client->tally.refused++;
        c->due_us = clock_monotonic() + RETRY_US + below(client, RETRY_US);
        return;
    }
    if ((status != 201 && status != 202) || !(check_in ? take_checked_in : take_registered)(client, s, status, body)) {
        client->tally.odd++;
        put_answer(client, s, status, NULL, "-", "-");
        c->has_submission = false;
        return;
    }
    client->tally.stored += !s->again;
    client->tally.journalled += !s->again && status == 202;
    client->tally.again += s->again;
    c->has_submission = !s->again && below(client, 100) < 4; /* some do not believe it, and send it once more */
    s->again = true;
}

/* True when the whole answer is there; it is then taken. */
static bool finish_answer(struct client *client, struct connection *c)
{
    struct slice all = slice_make(c->answer, c->received);
    size_t head = slice_find(all, SLICE("\r\n\r\n"));
    uint64_t length = 0, status = 0;
    if (head == all.length) {
        return false;
    }
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
    (void)slice_to_u64(slice_sub(all, 9, 12), 999, &status);
    take_answer(client, c, (unsigned)status, slice_sub(all, head + 4, head + 4 + (size_t)length));
    return true;
}

enum progress { GOES_ON, WAITS, LOST };

static enum progress after(const struct connection *c, int result)
{
    int error = SSL_get_error(c->tls, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? WAITS : LOST;
}

static enum progress step_idle(struct client *client, struct connection *c)
{
    size_t got = 0;
    char nothing[1];
    if (c->due_us <= clock_monotonic() && begin(client, c)) {
        return GOES_ON;
    }
    int result = SSL_read_ex(c->tls, nothing, sizeof(nothing), &got); /* a session ticket, or goodbye */
    return result == 1 ? LOST : after(c, result);
}

static enum progress step(struct client *client, struct connection *c)
{
    size_t moved = 0;
    int result = 0;
    ERR_clear_error();
    switch (c->state) {
    case RESTING:
        return WAITS;
    case HANDSHAKING:
        result = SSL_do_handshake(c->tls);
        c->state = result == 1 ? IDLE : HANDSHAKING;
        c->due_us = 0;
        return result == 1 ? GOES_ON : after(c, result);
    case IDLE:
        return step_idle(client, c);
    case WRITING:
        result = SSL_write_ex(c->tls, c->request + c->sent, c->request_length - c->sent, &moved);
        if (result != 1) {
            return after(c, result);
        }
        c->sent += moved;
        c->state = c->sent == c->request_length ? READING : WRITING;
        c->due_us = below(client, 100) < client->reset_percent ? clock_monotonic() + below(client, 20000) : 0;
        return GOES_ON;
    case READING:
        if (c->received == sizeof(c->answer)) {
            return LOST;
        }
        result = SSL_read_ex(c->tls, c->answer + c->received, sizeof(c->answer) - c->received, &moved);
        if (result != 1) {
            return after(c, result);
        }
        c->received += moved;
        (void)finish_answer(client, c);
        return GOES_ON;
    }
    return LOST;
}

static void drive(struct client *client, struct connection *c)
{
    enum progress progress = GOES_ON;
    while (progress == GOES_ON) {
        progress = step(client, c);
    }
    if (progress == LOST) {
        client->tally.lost++;
        rest(client, c);
    }
}

/* What is due by the clock and not by a socket. True when some submission is still without its answer. */
static bool look_around(struct client *client)
{
    int64_t now = clock_monotonic();
    bool busy = false;
    for (unsigned i = 0; i < client->connection_count; i++) {
        struct connection *c = &client->connections[i];
        busy = busy || c->has_submission;
        if (c->state == RESTING && c->due_us <= now && (c->has_submission || !draining)) {
            start_connecting(client, c);
        } else if (c->state == READING && c->due_us != 0 && c->due_us <= now) {
            reset(client, c);
        } else if (c->state == IDLE && c->due_us <= now && (c->has_submission || !draining)) {
            drive(client, c);
        }
    }
    return busy;
}

static void run(struct client *client)
{
    struct epoll_event events[256];
    bool busy = true;
    while (!draining || busy) {
        int ready = epoll_wait(client->epoll, events, sizeof(events) / sizeof(events[0]), 5);
        if (ready < 0 && errno != EINTR) {
            fail("epoll_wait");
        }
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if (c->state != RESTING) {
                drive(client, c);
            }
        }
        busy = look_around(client);
        sync_ledger(client, false);
    }
    sync_ledger(client, true);
}

static void on_stop(int number)
{
    (void)number;
    draining = 1;
    (void)alarm(DRAIN_SECONDS); /* which ends us, and so the test */
}

static unsigned number(const char *text, unsigned long least, unsigned long most)
{
    uint64_t value = 0;
    if (!slice_to_u64(slice_of(text), most, &value) || value < least) {
        (void)fprintf(stderr, "ledger_client: %s is not a number from %lu to %lu\n", text, least, most);
        exit(2);
    }
    return (unsigned)value;
}

static void prepare(struct client *client, const char *port, const char *certificate, const char *ledger)
{
    client->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)number(port, 1, 65535))};
    client->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client->context = SSL_CTX_new(TLS_client_method());
    client->epoll = epoll_create1(EPOLL_CLOEXEC);
    client->connections = calloc(client->connection_count, sizeof(*client->connections));
    client->parties = calloc(PARTIES_MAX, sizeof(*client->parties));
    client->ledger = fopen(ledger, "ae");
    if (client->context == NULL || client->epoll < 0 || client->connections == NULL || client->parties == NULL ||
        client->ledger == NULL || SSL_CTX_load_verify_locations(client->context, certificate, NULL) != 1) {
        fail("preparing");
    }
    SSL_CTX_set_verify(client->context, SSL_VERIFY_PEER, NULL);
    for (unsigned i = 0; i < client->connection_count; i++) {
        client->connections[i].fd = -1;
    }
    (void)signal(SIGPIPE, SIG_IGN); /* a lost connection is counted, not fatal */
    (void)signal(SIGTERM, on_stop);
}

static void release(struct client *client)
{
    for (unsigned i = 0; i < client->connection_count; i++) {
        rest(client, &client->connections[i]);
    }
    if (fclose(client->ledger) != 0) {
        fail("ledger");
    }
    SSL_CTX_free(client->context);
    free(client->connections);
    free(client->parties);
}

int main(int argc, char **argv)
{
    if (argc != 9) {
        (void)fprintf(stderr, "usage: see ledger.py\n");
        return 2;
    }
    struct client client = {.crisis = argv[3],
                            .connection_count = number(argv[4], 1, 1024),
                            .chance = number(argv[6], 0, UINT32_MAX),
                            .reset_percent = number(argv[7], 0, 100)};
    prepare(&client, argv[1], argv[2], argv[5]);
    client.next_phone = number(argv[8], 0, STRANGERS - 1);
    run(&client);
    release(&client);
    const struct tally *t = &client.tally;
    printf("{\"begun\":%" PRIu64 ",\"stored\":%" PRIu64 ",\"journalled\":%" PRIu64 ",\"again\":%" PRIu64
           ",\"refused\":%" PRIu64 ",\"odd\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"resets\":%" PRIu64 "}\n",
           t->begun, t->stored, t->journalled, t->again, t->refused, t->odd, t->lost, t->resets);
    return 0;
}
