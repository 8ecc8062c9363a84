/* SPDX-License-Identifier: Apache-2.0
 * consoles: open consoles, as lib/page/assets/console_live.js has them: each listens to the stream of events, and reads its queue and the figures
 * when what it heard is in sight, no more often than the console does.
 *
 * consoles PORT CERTIFICATE TOKENS COUNT CRIES: TOKENS is a file with one API token a line, used in turn; CRIES one with the case codes of which
 * it is noted when each console heard of them first. Prints a line when all streams are open, and at the end of its input one JSON line more, with
 * the time of the clock (monotonic, us) at which the last console heard of each cry. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "client.h"
#include "core/clock.h"

enum {
    CONSOLES_MAX = 2000,
    TOKENS_MAX = 64,
    TOKEN_SIZE = 128,
    CRIES_MAX = 20000,
    CODE_SIZE = 16,
    REQUEST_MAX = 1024,
    STREAM_MAX = 1 << 20,
    PAGE_ROWS = 50,
    TIME_SIZE = 32,
    LATENCIES_MAX = 1 << 20,
    STACK = 256 * 1024,
    /* ms, as in console_live.js */
    LOOK_AGAIN = 400,
    MANY_AGAIN = 2000,
    COUNT_AGAIN = 5000,
    STALE = 60000,
    REST = 3,
    FRESH = 10000, /* the other connection is not kept longer without use */
};

static const char *const queues[] = {"emergency", "assistance", "overdue", "identification", "departure", "inquiry"};

enum asked { ASKED_LIST, ASKED_QUEUES, ASKED_COUNT };

struct row {
    char code[CODE_SIZE];
    uint64_t version;
};

struct cry {
    char code[CODE_SIZE];
    atomic_uint heard;
    _Atomic int64_t last_us;
};

struct bench {
    SSL_CTX *context;
    size_t port, count;
    char (*tokens)[TOKEN_SIZE];
    size_t token_count, cry_count;
    struct cry *cries; /* by code */
    atomic_bool over;
    atomic_size_t open, events, many, resets, cuts, refused, latency_count[ASKED_COUNT];
    uint32_t *latencies_us[ASKED_COUNT];
};

struct console {
    struct bench *bench;
    pthread_t thread;
    size_t number;
    const char *queue, *token;
    SSL *stream, *other;
    char *text, *answer; /* of the stream, what is not yet read as lines; of the other connection */
    size_t length;
    char event[16];
    uint8_t *heard; /* by cry */
    struct row rows[PAGE_ROWS];
    size_t row_count;
    bool following, last_after_first;
    char last_respond_by[TIME_SIZE];
    int64_t looked, stale, counted, pause, look_due, count_due, used; /* ms; due 0: nothing is */
    unsigned chance;                                                  /* rand_r */
};

static int64_t now_ms(void)
{
    return clock_monotonic() / 1000;
}

/* --- JSON as the desk writes it: without spaces ------------------------------------------------------------------------- */
static struct slice value_of(struct slice text, const char *key, char ends)
{
    struct slice name = slice_of(key);
    size_t at = slice_find(text, name);
    struct slice rest = slice_sub(text, at < text.length ? at + name.length : text.length, text.length);
    return slice_sub(rest, 0, slice_index(rest, ends));
}

static uint64_t number_of(struct slice text, const char *key)
{
    struct slice digits = value_of(text, key, ',');
    uint64_t value = 0;
    (void)slice_to_u64(digits, UINT32_MAX, &value);
    return value;
}

static void copy(char *to, size_t size, struct slice from)
{
    size_t length = from.length < size ? from.length : size - 1;
    memcpy(to, from.data, length);
    to[length] = '\0';
}

/* --- what the console asks ---------------------------------------------------------------------------------------------- */
static struct slice ask(struct console *console, enum asked asked, const char *path, struct slice *body)
{
    struct bench *bench = console->bench;
    char request[REQUEST_MAX];
    if (console->other != NULL && now_ms() - console->used > FRESH) {
        client_close(console->other);
        console->other = NULL;
    }
    if (console->other == NULL) {
        console->other = client_open(bench->context, bench->port, CONSOLES_MAX + console->number, NULL, NULL);
    }
    int length =
        snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n",
                 path, console->token);
    int64_t began_us = clock_monotonic();
    struct slice all = client_ask(console->other, slice_make(request, (size_t)length), console->answer, body);
    size_t place = atomic_fetch_add(&bench->latency_count[asked], 1);
    if (place < LATENCIES_MAX) {
        bench->latencies_us[asked][place] = (uint32_t)(clock_monotonic() - began_us);
    }
    console->used = now_ms();
    if (!slice_equal(client_status(all), SLICE("200"))) {
        atomic_fetch_add(&bench->refused, 1);
        *body = SLICE("");
    }
    return all;
}

static void count_again(struct console *console)
{
    struct slice body;
    console->counted = now_ms();
    console->count_due = 0;
    (void)ask(console, ASKED_QUEUES, "/api/v1/queues", &body);
}

static void look(struct console *console)
{
    char path[128];
    struct slice body;
    int64_t began = now_ms();
    console->looked = began;
    console->stale = STALE / 2 + rand_r(&console->chance) % STALE; /* as the console does */
    console->look_due = 0;
    count_again(console);
    (void)snprintf(path, sizeof(path), "/api/v1/queues/%s/cases?limit=%d", console->queue, PAGE_ROWS);
    struct slice all = ask(console, ASKED_LIST, path, &body);
    console->following = slice_find(all, SLICE("rel=\"next\"")) < all.length;
    console->row_count = 0;
    for (struct slice rest = body; console->row_count < PAGE_ROWS;) {
        size_t at = slice_find(rest, SLICE("{\"case\":\""));
        if (at == rest.length) {
            break;
        }
        rest = slice_sub(rest, at + 1, rest.length);
        struct row *row = &console->rows[console->row_count++];
        copy(row->code, sizeof(row->code), value_of(rest, "\"case\":\"", '"'));
        row->version = number_of(rest, "\"version\":");
        copy(console->last_respond_by, TIME_SIZE, value_of(rest, "\"respond_by\":\"", '"'));
        console->last_after_first = number_of(rest, "\"band\":") > 1;
    }
    int64_t took = now_ms() - began;
    console->pause = REST * took < LOOK_AGAIN ? LOOK_AGAIN : REST * took > COUNT_AGAIN ? COUNT_AGAIN : REST * took;
}

static void look_again(struct console *console, int64_t pause)
{
    int64_t at = console->looked + pause > now_ms() ? console->looked + pause : now_ms();
    console->look_due = console->look_due == 0 || at < console->look_due ? at : console->look_due;
}

/* --- what it hears ------------------------------------------------------------------------------------------------------ */
static int compare_cries(const void *a, const void *b)
{
    return strcmp(((const struct cry *)a)->code, ((const struct cry *)b)->code);
}

static void note_cry(struct console *console, const char *code)
{
    struct bench *bench = console->bench;
    struct cry wanted;
    memset(&wanted, 0, sizeof(wanted));
    copy(wanted.code, CODE_SIZE, slice_of(code));
    struct cry *cry = bsearch(&wanted, bench->cries, bench->cry_count, sizeof(*cry), compare_cries);
    if (cry == NULL || console->heard[cry - bench->cries] != 0) {
        return;
    }
    console->heard[cry - bench->cries] = 1;
    int64_t now_us = clock_monotonic(), last_us = atomic_load(&cry->last_us);
    while (last_us < now_us && !atomic_compare_exchange_weak(&cry->last_us, &last_us, now_us)) {
    }
    atomic_fetch_add(&cry->heard, 1);
}

static bool is_in_sight(const struct console *console, struct slice change)
{
    bool after_first = number_of(change, "\"band\":") > 1;
    if (!console->following || console->row_count == 0 || after_first != console->last_after_first) {
        return !console->following || console->row_count == 0 || !after_first;
    }
    struct slice due =
        value_of(change, "\"respond_by\":\"", '"'); /* of one form and zone: as text in the order of time */
    size_t length = strlen(console->last_respond_by);
    return due.length < 19 || length < 19 || memcmp(due.data, console->last_respond_by, 19) <= 0;
}

static void on_case(struct console *console, struct slice change)
{
    char code[CODE_SIZE];
    struct row *row = NULL;
    copy(code, sizeof(code), value_of(change, "\"case\":\"", '"'));
    note_cry(console, code);
    for (size_t i = 0; i < console->row_count && row == NULL; i++) {
        row = strcmp(console->rows[i].code, code) == 0 ? &console->rows[i] : NULL;
    }
    bool only_holder = slice_find(change, SLICE("\"only_holder\":true")) < change.length;
    if (row != NULL && only_holder && number_of(change, "\"version\":") == row->version + 1) {
        row->version++;
    }
    bool mine = slice_equal(value_of(change, "\"queue\":\"", '"'), slice_of(console->queue));
    bool known = row != NULL && row->version >= number_of(change, "\"version\":");
    if (!known && (row != NULL || (mine && is_in_sight(console, change)))) {
        look_again(console, console->pause);
    } else if (console->count_due == 0) {
        console->count_due =
            console->counted + COUNT_AGAIN / 2 + rand_r(&console->chance) % COUNT_AGAIN; /* as the console does */
    }
}

static void on_line(struct console *console, struct slice line)
{
    struct bench *bench = console->bench;
    if (slice_starts_with(line, SLICE("event: "))) {
        copy(console->event, sizeof(console->event), slice_sub(line, 7, line.length));
    } else if (slice_starts_with(line, SLICE("data: "))) {
        atomic_fetch_add(&bench->events, 1);
        if (strcmp(console->event, "case") == 0) {
            on_case(console, line);
        } else if (strcmp(console->event, "hello") == 0) {
            atomic_fetch_add(&bench->open, 1);
        } else if (strcmp(console->event, "many") == 0) {
            atomic_fetch_add(&bench->many, 1);
            look_again(console, console->pause > MANY_AGAIN ? console->pause : MANY_AGAIN);
        } else if (strcmp(console->event, "reset") == 0) {
            atomic_fetch_add(&bench->resets, 1);
            look_again(console, console->pause);
        }
    }
}

/* An event stands within one chunk, so the lines between are the chunks' sizes. */
static void read_lines(struct console *console)
{
    size_t began = 0;
    for (size_t i = 0; i < console->length; i++) {
        if (console->text[i] == '\n') {
            on_line(console, slice_trim(slice_make(console->text + began, i - began)));
            began = i + 1;
        }
    }
    console->length -= began;
    memmove(console->text, console->text + began, console->length);
}

static void open_stream(struct console *console)
{
    char request[REQUEST_MAX];
    size_t sent = 0;
    console->stream = client_open(console->bench->context, console->bench->port, console->number, NULL, NULL);
    console->length = 0;
    int length =
        snprintf(request, sizeof(request),
                 "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n", console->token);
    if (SSL_write_ex(console->stream, request, (size_t)length, &sent) != 1) {
        client_fail("asking for the stream");
    }
}

static void hear(struct console *console)
{
    size_t got = 0;
    if (SSL_read_ex(console->stream, console->text + console->length, STREAM_MAX - console->length, &got) == 1) {
        console->length += got;
        read_lines(console);
    } else if (SSL_get_error(console->stream, 0) != SSL_ERROR_WANT_READ) {
        atomic_fetch_add(&console->bench->cuts, 1);
        ERR_clear_error();
        client_close(console->stream);
        open_stream(console);
        look_again(console, console->pause);
    }
}

static int until_due(const struct console *console)
{
    int64_t due = console->looked + console->stale, now = now_ms();
    due = console->look_due != 0 && console->look_due < due ? console->look_due : due;
    due = console->count_due != 0 && console->count_due < due ? console->count_due : due;
    return due <= now ? 0 : due - now > 300 ? 300 : (int)(due - now);
}

static void *work(void *context)
{
    struct console *console = context;
    struct pollfd line = {.events = POLLIN};
    open_stream(console);
    look(console);
    while (!atomic_load(&console->bench->over)) {
        line.fd = SSL_get_fd(console->stream);
        if (SSL_pending(console->stream) > 0 || SSL_has_pending(console->stream) == 1 ||
            poll(&line, 1, until_due(console)) > 0) {
            hear(console);
        }
        int64_t now = now_ms();
        if ((console->look_due != 0 && console->look_due <= now) || console->looked + console->stale <= now) {
            look(console);
        } else if (console->count_due != 0 && console->count_due <= now) {
            count_again(console);
        }
    }
    return NULL;
}

/* --- as a whole --------------------------------------------------------------------------------------------------------- */
static void read_files(struct bench *bench, const char *tokens, const char *cries)
{
    FILE *file = fopen(tokens, "r");
    bench->tokens = calloc(TOKENS_MAX, sizeof(*bench->tokens));
    bench->cries = calloc(CRIES_MAX, sizeof(*bench->cries));
    if (file == NULL || bench->tokens == NULL || bench->cries == NULL) {
        client_fail(tokens);
    }
    while (bench->token_count < TOKENS_MAX && fscanf(file, "%127s", bench->tokens[bench->token_count]) == 1) {
        bench->token_count++;
    }
    (void)fclose(file); /* it was only read */
    file = fopen(cries, "r");
    if (file == NULL || bench->token_count == 0) {
        client_fail(cries);
    }
    while (bench->cry_count < CRIES_MAX && fscanf(file, "%15s", bench->cries[bench->cry_count].code) == 1) {
        bench->cry_count++;
    }
    (void)fclose(file);
    qsort(bench->cries, bench->cry_count, sizeof(*bench->cries), compare_cries);
}

static void start(struct bench *bench, struct console *consoles)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0 || pthread_attr_setstacksize(&attributes, STACK) != 0) {
        client_fail("pthread_attr");
    }
    for (size_t i = 0; i < bench->count; i++) {
        struct console *console = &consoles[i];
        *console = (struct console){.bench = bench, .number = i, .pause = LOOK_AGAIN, .chance = (unsigned)i};
        console->queue = queues[i % (sizeof(queues) / sizeof(queues[0]))];
        console->token = bench->tokens[i % bench->token_count];
        console->text = malloc(STREAM_MAX);
        console->answer = malloc(CLIENT_ANSWER_MAX);
        console->heard = calloc(bench->cry_count + 1, 1);
        if (console->text == NULL || console->answer == NULL || console->heard == NULL ||
            pthread_create(&console->thread, &attributes, work, console) != 0) {
            client_fail("pthread_create");
        }
    }
    (void)pthread_attr_destroy(&attributes);
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void report(struct bench *bench)
{
    static const char *const names[ASKED_COUNT] = {"list", "queues"};
    printf("{\"consoles\":%zu,\"events\":%zu,\"many\":%zu,\"resets\":%zu,\"cuts\":%zu,\"refused\":%zu", bench->count,
           atomic_load(&bench->events), atomic_load(&bench->many), atomic_load(&bench->resets),
           atomic_load(&bench->cuts), atomic_load(&bench->refused));
    for (size_t asked = 0; asked < ASKED_COUNT; asked++) {
        size_t count = atomic_load(&bench->latency_count[asked]);
        count = count < LATENCIES_MAX ? count : LATENCIES_MAX;
        uint32_t *sorted = bench->latencies_us[asked];
        qsort(sorted, count, sizeof(*sorted), compare);
        printf(",\"%s\":{\"count\":%zu,\"p50_ms\":%.3f,\"p99_ms\":%.3f}", names[asked], count,
               count > 0 ? sorted[count / 2] / 1e3 : 0, count > 0 ? sorted[count * 99 / 100] / 1e3 : 0);
    }
    printf(",\"cries\":{");
    for (size_t i = 0; i < bench->cry_count; i++) {
        printf("%s\"%s\":[%u,%lld]", i > 0 ? "," : "", bench->cries[i].code, atomic_load(&bench->cries[i].heard),
               (long long)atomic_load(&bench->cries[i].last_us));
    }
    printf("}}\n");
}

int main(int argc, char **argv)
{
    static struct bench bench;
    if (argc != 6) {
        (void)fprintf(stderr, "usage: consoles PORT CERTIFICATE TOKENS COUNT CRIES\n");
        return 2;
    }
    bench.port = client_number(argv[1], 65535);
    bench.count = client_number(argv[4], CONSOLES_MAX);
    bench.context = client_context(argv[2]);
    read_files(&bench, argv[3], argv[5]);
    client_want_descriptors(2 * bench.count);
    struct console *consoles = calloc(bench.count, sizeof(*consoles));
    for (size_t asked = 0; asked < ASKED_COUNT; asked++) {
        bench.latencies_us[asked] = calloc(LATENCIES_MAX, sizeof(uint32_t));
        if (bench.latencies_us[asked] == NULL || consoles == NULL) {
            client_fail("memory");
        }
    }
    start(&bench, consoles);
    while (atomic_load(&bench.open) < bench.count) {
        (void)poll(NULL, 0, 20);
    }
    printf("{\"open\":%zu}\n", bench.count);
    (void)fflush(stdout);
    while (getchar() != EOF) {
    }
    atomic_store(&bench.over, true);
    for (size_t i = 0; i < bench.count; i++) {
        (void)pthread_join(consoles[i].thread, NULL);
    }
    report(&bench);
    return 0;
}
