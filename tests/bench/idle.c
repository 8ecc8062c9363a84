/* SPDX-License-Identifier: Apache-2.0
 * idle: opens keep-alive TLS 1.3 connections, makes one request on each, and holds them all.
 *
 * idle PORT CERTIFICATE COUNT PATH: prints a JSON line when all are open, and another with how many the server has closed since when its
 * standard input ends. */
#include <poll.h>

#include "client.h"
#include "core/clock.h"

enum { COUNT_MAX = 100000, REQUEST_MAX = 512 };

/* A socket with something to read that is no record of TLS brought the end. */
static size_t count_closed(SSL **connections, size_t count)
{
    size_t closed = 0;
    for (size_t i = 0; i < count; i++) {
        struct pollfd one = {.fd = SSL_get_fd(connections[i]), .events = POLLIN | POLLRDHUP};
        closed += poll(&one, 1, 0) == 1 && (one.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0 ? 1 : 0;
    }
    return closed;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        (void)fprintf(stderr, "usage: idle PORT CERTIFICATE COUNT PATH\n");
        return 2;
    }
    size_t port = client_number(argv[1], 65535), count = client_number(argv[3], COUNT_MAX);
    client_want_descriptors(count);
    SSL_CTX *context = client_context(argv[2]);
    SSL **connections = calloc(count, sizeof(SSL *));
    char *answer = malloc(CLIENT_ANSWER_MAX);
    char request[REQUEST_MAX];
    int length = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", argv[4]);
    if (connections == NULL || answer == NULL || length < 0 || length >= REQUEST_MAX) {
        client_fail("preparing");
    }
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    int64_t began_us = clock_monotonic();
    size_t octets = 0;
    for (size_t i = 0; i < count; i++) {
        struct slice body;
        connections[i] = client_open(context, port, i, NULL, NULL);
        struct slice all = client_ask(connections[i], slice_make(request, (size_t)length), answer, &body);
        if (!slice_equal(client_status(all), SLICE("200"))) {
            (void)fprintf(stderr, "idle: answered %.*s\n", SLICE_ARGS(client_status(all)));
            return 1;
        }
        octets = all.length;
    }
    printf("{\"count\":%zu,\"seconds\":%.3f,\"answer_octets\":%zu,\"tls\":\"%s\",\"cipher\":\"%s\"}\n", count,
           (double)(clock_monotonic() - began_us) / 1e6, octets, SSL_get_version(connections[0]),
           SSL_get_cipher_name(connections[0]));
    (void)fflush(stdout);
    while (fgetc(stdin) != EOF) {
    }
    printf("{\"closed\":%zu}\n", count_closed(connections, count));
    return 0; /* the kernel closes them all at once */
}
