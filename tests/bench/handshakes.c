/* SPDX-License-Identifier: Apache-2.0
 * handshakes: opens TLS 1.3 connections, waits for the server's ticket, closes; several at a time, each worker one after the other.
 *
 * handshakes PORT CERTIFICATE COUNT WORKERS full|resumed: `resumed` offers each time the ticket that the connection before brought.
 * Prints one JSON line. */
#include <openssl/objects.h>
#include <pthread.h>
#include <stdatomic.h>

#include "client.h"
#include "core/clock.h"

enum { WORKERS_MAX = 256, COUNT_MAX = 10000000, TICKET_READS_MAX = 8 };

struct bench {
    SSL_CTX *context;
    size_t port, wanted;
    bool resume;
    atomic_size_t begun;
    pthread_barrier_t ready; /* every worker has its first ticket */
    char group[32], signature[32], cipher[64], version[16];
};

struct worker {
    struct bench *bench;
    pthread_t thread;
    size_t number;
    SSL_SESSION *ticket; /* of the last connection */
    bool has_ticket;     /* of this one */
    size_t reused;
};

static int on_ticket(SSL *tls, SSL_SESSION *session)
{
    struct worker *worker = SSL_get_app_data(tls);
    SSL_SESSION_free(worker->ticket);
    worker->ticket = session;
    worker->has_ticket = true;
    return 1; /* the reference is ours */
}

static void describe(struct bench *bench, SSL *tls)
{
    int signature = NID_undef;
    (void)SSL_get_peer_signature_type_nid(tls, &signature);
    (void)snprintf(bench->group, sizeof(bench->group), "%s", OBJ_nid2sn((int)SSL_get_negotiated_group(tls)));
    (void)snprintf(bench->signature, sizeof(bench->signature), "%s", OBJ_nid2sn(signature));
    (void)snprintf(bench->cipher, sizeof(bench->cipher), "%s", SSL_get_cipher_name(tls));
    (void)snprintf(bench->version, sizeof(bench->version), "%s", SSL_get_version(tls));
}

/* One connection; true when it was resumed. */
static bool shake(struct worker *worker, bool offer)
{
    struct bench *bench = worker->bench;
    SSL *tls = client_open(bench->context, bench->port, worker->number, offer ? worker->ticket : NULL, worker);
    bool reused = SSL_session_reused(tls) == 1;
    worker->has_ticket = false;
    for (int i = 0; i < TICKET_READS_MAX && !worker->has_ticket; i++) {
        char unasked[64];
        size_t count = 0;
        if (SSL_read_ex(tls, unasked, sizeof(unasked), &count) != 1 && SSL_get_error(tls, 0) != SSL_ERROR_WANT_READ) {
            client_fail("no ticket");
        }
    }
    if (worker->number == 0 && !offer) {
        describe(bench, tls);
    }
    client_close(tls);
    return reused;
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct bench *bench = worker->bench;
    (void)shake(worker, false);
    (void)pthread_barrier_wait(&bench->ready);
    while (atomic_fetch_add(&bench->begun, 1) < bench->wanted) {
        worker->reused += shake(worker, bench->resume) ? 1 : 0;
    }
    SSL_SESSION_free(worker->ticket);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        (void)fprintf(stderr, "usage: handshakes PORT CERTIFICATE COUNT WORKERS full|resumed\n");
        return 2;
    }
    struct bench bench = {.port = client_number(argv[1], 65535), .wanted = client_number(argv[3], COUNT_MAX)};
    struct worker *workers = calloc(WORKERS_MAX, sizeof(*workers));
    size_t count = client_number(argv[4], WORKERS_MAX);
    size_t reused = 0;
    bench.resume = strcmp(argv[5], "resumed") == 0;
    bench.context = client_context(argv[2]);
    (void)SSL_CTX_set_session_cache_mode(bench.context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(bench.context, on_ticket);
    if (workers == NULL || pthread_barrier_init(&bench.ready, NULL, (unsigned)count + 1) != 0) {
        client_fail("preparing");
    }
    for (size_t i = 0; i < count; i++) {
        workers[i] = (struct worker){.bench = &bench, .number = i};
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
            client_fail("pthread_create");
        }
    }
    (void)pthread_barrier_wait(&bench.ready);
    int64_t began_us = clock_monotonic();
    for (size_t i = 0; i < count; i++) {
        (void)pthread_join(workers[i].thread, NULL);
        reused += workers[i].reused;
    }
    double seconds = (double)(clock_monotonic() - began_us) / 1e6;
    printf("{\"count\":%zu,\"seconds\":%.3f,\"rate\":%.1f,\"reused\":%zu,\"tls\":\"%s\",\"cipher\":\"%s\",\"group\":\"%"
           "s\",\"signature\":\"%s\"}\n",
           bench.wanted, seconds, (double)bench.wanted / seconds, reused, bench.version, bench.cipher, bench.group,
           bench.signature);
    (void)pthread_barrier_destroy(&bench.ready);
    SSL_CTX_free(bench.context);
    free(workers);
    return 0;
}
