/* SPDX-License-Identifier: Apache-2.0
 * officers: several officers at work at once through the desk's API. Each reads the head of a queue, claims its most urgent case, and
 * puts it back, again and again, on one keep-alive TLS connection.
 *
 * officers PORT CERTIFICATE QUEUE TOKENS COUNT [LATENCIES [RATE]]: QUEUE "all" is each of them in turn; TOKENS is a file with one API token a line,
 * one an officer; COUNT rounds in all; LATENCIES a file for every latency in microseconds: list, claim and release of a round on each line; RATE
 * rounds a second in all, at most. Prints one JSON line. */
#include <pthread.h>
#include <stdatomic.h>

#include "client.h"
#include "core/clock.h"

enum { OFFICERS_MAX = 64, TOKEN_SIZE = 128, COUNT_MAX = 10000000, REQUEST_MAX = 1024, CODE_SIZE = 32 };

enum step { STEP_LIST, STEP_CLAIM, STEP_RELEASE, STEP_COUNT };

struct bench {
    SSL_CTX *context;
    size_t port, wanted, rate; /* rate 0: without pauses */
    const char *queue;         /* NULL: each in turn */
    int64_t began_us;
    atomic_size_t begun;
    pthread_barrier_t ready;
    uint32_t *latencies_us[STEP_COUNT];
};

struct officer {
    struct bench *bench;
    pthread_t thread;
    size_t number;
    char token[TOKEN_SIZE];
    SSL *tls;
    char *answer;
};

/* The answer's body; its latency is noted. */
static struct slice ask(struct officer *officer, const char *method, const char *path, uint32_t *took_us)
{
    char request[REQUEST_MAX];
    struct slice body;
    int length =
        snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n%s\r\n",
                 method, path, officer->token, strcmp(method, "POST") == 0 ? "Content-Length: 0\r\n" : "");
    if (length < 0 || length >= REQUEST_MAX) {
        client_fail("a request that does not fit");
    }
    int64_t began_us = clock_monotonic();
    struct slice all = client_ask(officer->tls, slice_make(request, (size_t)length), officer->answer, &body);
    *took_us = (uint32_t)(clock_monotonic() - began_us);
    if (!slice_equal(client_status(all), SLICE("200"))) {
        (void)fprintf(stderr, "officers: %s %s is answered %.*s: %.*s\n", method, path, SLICE_ARGS(client_status(all)),
                      SLICE_ARGS(body));
        exit(1);
    }
    return body;
}

/* The first case code in an answer. */
static void read_code(struct slice body, char code[CODE_SIZE])
{
    struct slice key = SLICE("\"case\"");
    size_t at = slice_find(body, key);
    struct slice rest = slice_sub(body, at < body.length ? at + key.length : body.length, body.length);
    size_t open = slice_index(rest, '"');
    struct slice value = slice_sub(rest, open < rest.length ? open + 1 : rest.length, rest.length);
    size_t length = slice_index(value, '"');
    if (length == value.length || length >= CODE_SIZE) {
        client_fail("an answer without a case");
    }
    memcpy(code, value.data, length);
    code[length] = '\0';
}

static void work_one(struct officer *officer, const char *queue, uint32_t took_us[STEP_COUNT])
{
    char path[REQUEST_MAX / 2];
    char code[CODE_SIZE];
    (void)snprintf(path, sizeof(path), "/api/v1/queues/%s/cases?limit=20", queue);
    struct slice page = ask(officer, "GET", path, &took_us[STEP_LIST]);
    if (slice_find(page, SLICE("unreadable")) != page.length) {
        client_fail("a case at the head cannot be opened");
    }
    (void)snprintf(path, sizeof(path), "/api/v1/queues/%s/claim", queue);
    read_code(ask(officer, "POST", path, &took_us[STEP_CLAIM]), code);
    (void)snprintf(path, sizeof(path), "/api/v1/cases/%s/release", code);
    (void)ask(officer, "POST", path, &took_us[STEP_RELEASE]);
}

/* Until the i-th round is due. */
static void wait_for(const struct bench *bench, size_t i)
{
    int64_t due_us = bench->rate > 0 ? bench->began_us + (int64_t)(i * 1000000 / bench->rate) : 0;
    int64_t wait_us = due_us - clock_monotonic();
    if (wait_us > 0) {
        const struct timespec pause = {wait_us / 1000000, wait_us % 1000000 * 1000};
        (void)nanosleep(&pause, NULL); /* a signal ends the program */
    }
}

static void *work(void *context)
{
    static const char *const queues[] = {"emergency",      "assistance", "overdue",
                                         "identification", "departure",  "inquiry"};
    struct officer *officer = context;
    struct bench *bench = officer->bench;
    officer->tls = client_open(bench->context, bench->port, officer->number, NULL, NULL);
    (void)pthread_barrier_wait(&bench->ready);
    for (size_t i = atomic_fetch_add(&bench->begun, 1); i < bench->wanted; i = atomic_fetch_add(&bench->begun, 1)) {
        uint32_t took_us[STEP_COUNT];
        wait_for(bench, i);
        work_one(officer, bench->queue != NULL ? bench->queue : queues[i % (sizeof(queues) / sizeof(queues[0]))],
                 took_us);
        for (size_t step = 0; step < STEP_COUNT; step++) {
            bench->latencies_us[step][i] = took_us[step];
        }
    }
    client_close(officer->tls);
    free(officer->answer);
    return NULL;
}

static size_t read_tokens(const char *path, struct officer *officers)
{
    FILE *file = fopen(path, "r");
    size_t count = 0;
    if (file == NULL) {
        client_fail(path);
    }
    while (count < OFFICERS_MAX && fscanf(file, "%127s", officers[count].token) == 1) {
        count++;
    }
    (void)fclose(file); /* it was only read */
    return count;
}

static void write_latencies(const struct bench *bench, const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        client_fail(path);
    }
    for (size_t i = 0; i < bench->wanted; i++) {
        (void)fprintf(file, "%u %u %u\n", bench->latencies_us[STEP_LIST][i], bench->latencies_us[STEP_CLAIM][i],
                      bench->latencies_us[STEP_RELEASE][i]);
    }
    if (fclose(file) != 0) {
        client_fail(path);
    }
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void report(struct bench *bench, double seconds)
{
    static const char *const names[STEP_COUNT] = {"list", "claim", "release"};
    printf("{\"rounds\":%zu,\"seconds\":%.3f,\"rate\":%.1f", bench->wanted, seconds, (double)bench->wanted / seconds);
    for (size_t step = 0; step < STEP_COUNT; step++) {
        uint32_t *sorted = bench->latencies_us[step];
        qsort(sorted, bench->wanted, sizeof(*sorted), compare);
        printf(",\"%s\":{\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}", names[step],
               sorted[bench->wanted / 2] / 1e3, sorted[bench->wanted * 99 / 100] / 1e3,
               sorted[bench->wanted - 1] / 1e3);
    }
    printf("}\n");
}

int main(int argc, char **argv)
{
    if (argc < 6 || argc > 8) {
        (void)fprintf(stderr, "usage: officers PORT CERTIFICATE QUEUE TOKENS COUNT [LATENCIES [RATE]]\n");
        return 2;
    }
    struct bench bench = {.port = client_number(argv[1], 65535), .wanted = client_number(argv[5], COUNT_MAX)};
    struct officer *officers = calloc(OFFICERS_MAX, sizeof(*officers));
    bench.queue = strcmp(argv[3], "all") != 0 ? argv[3] : NULL;
    bench.rate = argc == 8 ? client_number(argv[7], COUNT_MAX) : 0;
    bench.began_us = clock_monotonic();
    bench.context = client_context(argv[2]);
    for (size_t step = 0; step < STEP_COUNT; step++) {
        bench.latencies_us[step] = calloc(bench.wanted, sizeof(uint32_t));
        if (bench.latencies_us[step] == NULL) {
            client_fail("memory");
        }
    }
    size_t count = officers != NULL ? read_tokens(argv[4], officers) : 0;
    if (count == 0 || pthread_barrier_init(&bench.ready, NULL, (unsigned)count + 1) != 0) {
        client_fail("preparing");
    }
    for (size_t i = 0; i < count; i++) {
        officers[i].bench = &bench;
        officers[i].number = i;
        officers[i].answer = malloc(CLIENT_ANSWER_MAX);
        if (officers[i].answer == NULL || pthread_create(&officers[i].thread, NULL, work, &officers[i]) != 0) {
            client_fail("pthread_create");
        }
    }
    (void)pthread_barrier_wait(&bench.ready);
    int64_t began_us = clock_monotonic();
    for (size_t i = 0; i < count; i++) {
        (void)pthread_join(officers[i].thread, NULL);
    }
    double seconds = (double)(clock_monotonic() - began_us) / 1e6;
    if (argc >= 7) {
        write_latencies(&bench, argv[6]);
    }
    report(&bench, seconds);
    (void)pthread_barrier_destroy(&bench.ready);
    SSL_CTX_free(bench.context);
    return 0;
}
