/* SPDX-License-Identifier: Apache-2.0
 * Session tickets across edges and across the hour; what a handshake may and may not settle on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <unistd.h>

#include "net/ticket.h"

static const uint8_t secret_a[TLS_TICKET_SECRET_SIZE] = "one secret of forty-eight bytes, for edges of A.";
static const uint8_t secret_b[TLS_TICKET_SECRET_SIZE] = "two secret of forty-eight bytes, for edges of B.";

static int64_t now_us;

static int64_t told_time(void *context)
{
    (void)context;
    return now_us;
}

static bool turn_to(struct ticket_ring *ring, int64_t hour)
{
    now_us = hour * MICROSECONDS_AN_HOUR + 17;
    return ticket_ring_turn(ring);
}

static void test_rotation(void **state)
{
    struct ticket_ring one, two, other;
    struct ticket_keys first;
    const struct clock clock = {told_time, NULL};
    (void)state;
    ticket_ring_init(&one, secret_a, clock);
    ticket_ring_init(&two, secret_a, clock);
    ticket_ring_init(&other, secret_b, clock);
    assert_true(turn_to(&one, 100) && turn_to(&two, 100) && turn_to(&other, 100));
    assert_memory_equal(&one.current, &two.current, sizeof(one.current)); /* edges agree without talking */
    assert_memory_not_equal(&one.current, &other.current, sizeof(one.current));
    assert_memory_not_equal(&one.current, &one.previous, sizeof(one.current));
    first = one.current;
    assert_true(turn_to(&one, 101));
    assert_memory_equal(&one.previous, &first, sizeof(first)); /* still opens */
    assert_memory_not_equal(&one.current, &first, sizeof(first));
    assert_true(turn_to(&one, 102));
    assert_memory_not_equal(&one.previous, &first, sizeof(first)); /* gone */
    ticket_ring_release(&one);
    assert_int_equal(one.secret[0], 0);
}

struct files {
    char certificate[40], key[40];
};

static void make_files(struct files *files)
{
    *files = (struct files){"/tmp/muster-ticket-cert-XXXXXX", "/tmp/muster-ticket-key-XXXXXX"};
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    FILE *out = fdopen(mkstemp(files->certificate), "w");
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(certificate), -60));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(certificate), 3600));
    assert_int_equal(X509_set_pubkey(certificate, key), 1);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    assert_int_equal(PEM_write_X509(out, certificate), 1);
    assert_int_equal(fclose(out), 0);
    out = fdopen(mkstemp(files->key), "w");
    assert_int_equal(PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL), 1);
    assert_int_equal(fclose(out), 0);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static SSL_CTX *make_context(const struct files *files, const uint8_t secret[TLS_TICKET_SECRET_SIZE])
{
    struct error error = {.code = ERROR_NONE};
    SSL_CTX *context = tls_context_new(&(struct tls_files){files->certificate, files->key}, secret, &error);
    if (context == NULL) {
        fail_msg("%s", error.detail);
    }
    return context;
}

struct meeting {
    bool met, resumed;
    SSL_SESSION *session; /* the client's, to be freed */
    int version;
};

/* A whole handshake over a pair of memory BIOs, with the ticket read by the client afterwards. */
static struct meeting meet(SSL_CTX *server_context, SSL_CTX *client_context, SSL_SESSION *session)
{
    struct meeting meeting = {.met = false};
    SSL *server = SSL_new(server_context);
    SSL *client = SSL_new(client_context);
    BIO *a = NULL;
    BIO *b = NULL;
    assert_int_equal(BIO_new_bio_pair(&a, 65536, &b, 65536), 1);
    SSL_set_bio(server, a, a);
    SSL_set_bio(client, b, b);
    SSL_set_accept_state(server);
    SSL_set_connect_state(client);
    if (session != NULL) {
        assert_int_equal(SSL_set_session(client, session), 1);
    }
    for (int i = 0; i < 20 && !meeting.met; i++) {
        bool client_done = SSL_do_handshake(client) == 1;
        meeting.met = SSL_do_handshake(server) == 1 && client_done;
    }
    if (meeting.met) {
        char octet = 'x';
        assert_int_equal(SSL_write(server, &octet, 1), 1);
        assert_int_equal(SSL_read(client, &octet, 1), 1); /* takes the ticket in */
        meeting.session = SSL_get1_session(client);
        meeting.resumed = SSL_session_reused(server) == 1;
        meeting.version = SSL_version(server);
        assert_int_equal(SSL_shutdown(client) >= 0 && SSL_shutdown(server) >= 0,
                         1); /* or the session is not resumable */
    }
    SSL_free(server);
    SSL_free(client);
    return meeting;
}

static void test_resumption_at_another_edge(void **state)
{
    struct files files;
    (void)state;
    make_files(&files);
    SSL_CTX *edge_1 = make_context(&files, secret_a);
    SSL_CTX *edge_2 = make_context(&files, secret_a);
    SSL_CTX *elsewhere = make_context(&files, secret_b);
    for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++) {
        SSL_CTX *client = SSL_CTX_new(TLS_client_method());
        assert_int_equal(SSL_CTX_set_max_proto_version(client, version), 1);
        struct meeting first = meet(edge_1, client, NULL);
        assert_true(first.met && !first.resumed && first.version == version);
        struct meeting second = meet(edge_2, client, first.session);
        assert_true(second.met && second.resumed);
        struct meeting third = meet(elsewhere, client, first.session);
        assert_true(third.met && !third.resumed);
        SSL_SESSION_free(first.session);
        SSL_SESSION_free(second.session);
        SSL_SESSION_free(third.session);
        SSL_CTX_free(client);
    }
    SSL_CTX_free(edge_1);
    SSL_CTX_free(edge_2);
    SSL_CTX_free(elsewhere);
    (void)unlink(files.certificate);
    (void)unlink(files.key);
}

/* RFC 8446 appendix C.4: a ticket is for one connection, so a resumed one must bring the next. */
static void test_each_connection_brings_a_ticket(void **state)
{
    struct files files;
    (void)state;
    make_files(&files);
    SSL_CTX *edge = make_context(&files, secret_a);
    SSL_CTX *client = SSL_CTX_new(TLS_client_method());
    (void)SSL_CTX_set_session_cache_mode(client, SSL_SESS_CACHE_CLIENT); /* such a client uses no ticket twice */
    struct meeting last = meet(edge, client, NULL);
    for (int i = 0; i < 5; i++) {
        struct meeting next = meet(edge, client, last.session);
        assert_true(next.met && next.resumed);
        SSL_SESSION_free(last.session);
        last = next;
    }
    SSL_SESSION_free(last.session);
    SSL_CTX_free(client);
    SSL_CTX_free(edge);
    (void)unlink(files.certificate);
    (void)unlink(files.key);
}

static void test_a_ticket_outlives_one_turn_of_the_keys(void **state)
{
    struct files files;
    (void)state;
    make_files(&files);
    SSL_CTX *edge = SSL_CTX_new(TLS_server_method());
    struct ticket_ring *ring = malloc(sizeof(*ring));
    assert_true(edge != NULL && ring != NULL);
    assert_int_equal(SSL_CTX_use_certificate_chain_file(edge, files.certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey_file(edge, files.key, SSL_FILETYPE_PEM), 1);
    now_us = 100 * MICROSECONDS_AN_HOUR;
    ticket_ring_init(ring, secret_a, (struct clock){told_time, NULL});
    assert_true(ticket_ring_attach(ring, edge));
    SSL_CTX *client = SSL_CTX_new(TLS_client_method());
    for (int hours = 0; hours <= 2; hours++) {
        now_us = 100 * MICROSECONDS_AN_HOUR;
        struct meeting first = meet(edge, client, NULL);
        now_us += hours * MICROSECONDS_AN_HOUR;
        struct meeting later = meet(edge, client, first.session);
        assert_true(later.met);
        assert_int_equal(later.resumed, hours < 2);
        SSL_SESSION_free(first.session);
        SSL_SESSION_free(later.session);
    }
    SSL_CTX_free(client);
    SSL_CTX_free(edge);
    (void)unlink(files.certificate);
    (void)unlink(files.key);
}

static void test_what_is_refused(void **state)
{
    struct files files;
    (void)state;
    make_files(&files);
    SSL_CTX *edge = make_context(&files, secret_a);
    SSL_CTX *old = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(old, 0);
    assert_int_equal(SSL_CTX_set_min_proto_version(old, TLS1_VERSION), 1);
    assert_int_equal(SSL_CTX_set_max_proto_version(old, TLS1_1_VERSION), 1);
    assert_false(meet(edge, old, NULL).met);
    SSL_CTX *only_h2 = SSL_CTX_new(TLS_client_method());
    assert_int_equal(SSL_CTX_set_alpn_protos(only_h2, (const unsigned char *)"\x02h2", 3), 0);
    assert_false(meet(edge, only_h2, NULL).met); /* RFC 7301 section 3.2 */
    SSL_CTX *both = SSL_CTX_new(TLS_client_method());
    assert_int_equal(SSL_CTX_set_alpn_protos(both, (const unsigned char *)"\x02h2\x08http/1.1", 12), 0);
    struct meeting meeting = meet(edge, both, NULL);
    assert_true(meeting.met && SSL_SESSION_get_max_early_data(meeting.session) == 0);
    SSL_SESSION_free(meeting.session);
    SSL_CTX_free(old);
    SSL_CTX_free(only_h2);
    SSL_CTX_free(both);
    SSL_CTX_free(edge);
    (void)unlink(files.certificate);
    (void)unlink(files.key);
}

static void test_errors_name_the_file(void **state)
{
    struct files files;
    struct error error = {.code = ERROR_NONE};
    (void)state;
    make_files(&files);
    assert_null(tls_context_new(&(struct tls_files){"/nonexistent/cert.pem", files.key}, secret_a, &error));
    assert_non_null(strstr(error.detail, "/nonexistent/cert.pem"));
    assert_null(tls_context_new(&(struct tls_files){files.certificate, "/nonexistent/key.pem"}, secret_a, &error));
    assert_non_null(strstr(error.detail, "/nonexistent/key.pem"));
    struct files others;
    make_files(&others);
    assert_null(tls_context_new(&(struct tls_files){files.certificate, others.key}, secret_a, &error));
    assert_non_null(strstr(error.detail, others.key));
    (void)unlink(files.certificate);
    (void)unlink(files.key);
    (void)unlink(others.certificate);
    (void)unlink(others.key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rotation),
        cmocka_unit_test(test_resumption_at_another_edge),
        cmocka_unit_test(test_each_connection_brings_a_ticket),
        cmocka_unit_test(test_a_ticket_outlives_one_turn_of_the_keys),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_errors_name_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
