/* SPDX-License-Identifier: Apache-2.0
 * Routes, Allow, admission, and the counting of connections by address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "net/admission.h"
#include "net/address.h"
#include "net/router.h"

static void unused(struct http_exchange *exchange, void *role)
{
    (void)exchange;
    (void)role;
}

static const struct http_route routes[] = {
    {HTTP_GET, "/", unused, ADMIT_PAGE, 0},
    {HTTP_GET, "/cases/{case}", unused, ADMIT_PAGE, 0},
    {HTTP_GET, "/cases/late", unused, ADMIT_PAGE, 0},
    {HTTP_POST, "/cases/{case}/notes", unused, ADMIT_PAGE, 0},
    {HTTP_PATCH, "/cases/{case}", unused, ADMIT_PAGE, 0},
    {HTTP_GET, "/gateway/{name}/messages/{id}", unused, ADMIT_PAGE, 0},
    {HTTP_GET, "/posts/nearest", unused, ADMIT_PAGE, 0}, /* before its pattern here, behind it above: no matter */
    {HTTP_GET, "/posts/{post}", unused, ADMIT_PAGE, 0},
};

static void test_table(void **state)
{
    static const struct {
        enum http_method method;
        const char *path;
        enum router_outcome outcome;
        int route;         /* index, -1: none */
        const char *first; /* parameter */
        const char *allow; /* NULL: not looked at */
    } rows[] = {
        {HTTP_GET, "/", ROUTER_FOUND, 0, "", NULL},
        {HTTP_HEAD, "/", ROUTER_FOUND, 0, "", NULL},
        {HTTP_GET, "/cases/K7", ROUTER_FOUND, 1, "K7", NULL},
        {HTTP_GET, "/cases/late", ROUTER_FOUND, 2, "", NULL},
        {HTTP_PATCH, "/cases/late", ROUTER_FOUND, 4, "late", NULL},
        {HTTP_GET, "/cases/", ROUTER_NO_PATH, -1, "", NULL},
        {HTTP_GET, "/cases", ROUTER_NO_PATH, -1, "", NULL},
        {HTTP_GET, "/cases/a/b", ROUTER_NO_PATH, -1, "", NULL},
        {HTTP_GET, "/cases/a/", ROUTER_NO_PATH, -1, "", NULL},
        {HTTP_GET, "//", ROUTER_NO_PATH, -1, "", NULL},
        {HTTP_GET, "/Cases/a", ROUTER_NO_PATH, -1, "", NULL},
        {HTTP_POST, "/cases/a/notes", ROUTER_FOUND, 3, "a", NULL},
        {HTTP_GET, "/cases/a/notes", ROUTER_NO_METHOD, -1, "", "POST, OPTIONS"},
        {HTTP_DELETE, "/cases/a", ROUTER_NO_METHOD, -1, "", "GET, HEAD, PATCH, OPTIONS"},
        {HTTP_OPTIONS, "/cases/a", ROUTER_OPTIONS, -1, "", "GET, HEAD, PATCH, OPTIONS"},
        {HTTP_OPTIONS, "*", ROUTER_OPTIONS, -1, "", "GET, HEAD, POST, PATCH, OPTIONS"},
        {HTTP_OPTIONS, "/nothing", ROUTER_NO_PATH, -1, "", NULL},
        {HTTP_GET, "/gateway/kannel/messages/7", ROUTER_FOUND, 5, "kannel", NULL},
        {HTTP_GET, "/posts/nearest", ROUTER_FOUND, 6, "", NULL},
        {HTTP_GET, "/posts/niamey", ROUTER_FOUND, 7, "niamey", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct router_match match;
        char text[ROUTER_ALLOW_MAX];
        router_find(routes, sizeof(routes) / sizeof(routes[0]), rows[i].method, slice_of(rows[i].path), &match);
        if (match.outcome != rows[i].outcome || match.route != (rows[i].route < 0 ? NULL : &routes[rows[i].route]) ||
            !slice_equal(match.parameters[0], slice_of(rows[i].first)) ||
            (rows[i].allow != NULL && !slice_equal(router_allow(match.allowed, text), slice_of(rows[i].allow)))) {
            fail_msg("row %zu: %s", i, rows[i].path);
        }
    }
}

static void test_admission(void **state)
{
    const unsigned most[ADMIT_COUNT] = {2, 1, 0, 1};
    struct admission admission;
    (void)state;
    admission_init(&admission, most);
    assert_true(admission_enter(&admission, ADMIT_HELP) && admission_enter(&admission, ADMIT_HELP));
    assert_false(admission_enter(&admission, ADMIT_HELP));
    assert_true(admission_enter(&admission, ADMIT_CHECK_IN)); /* each class has its own room */
    assert_false(admission_enter(&admission, ADMIT_REGISTRATION));
    admission_leave(&admission, ADMIT_HELP);
    assert_true(admission_enter(&admission, ADMIT_HELP));
    for (unsigned spread = 0; spread < 100; spread++) { /* the more urgent the sooner again */
        assert_in_range(admission_retry_after(ADMIT_HELP, spread), 1, 2);
        assert_in_range(admission_retry_after(ADMIT_PAGE, spread), 10, 20);
    }
}

static struct address_key key_of(unsigned number)
{
    struct sockaddr_storage storage = {.ss_family = AF_INET};
    ((struct sockaddr_in *)(void *)&storage)->sin_addr.s_addr = htonl(number);
    return address_key_of(&storage);
}

static struct address_key key_of_v6(const char *text)
{
    struct sockaddr_storage storage = {.ss_family = AF_INET6};
    assert_int_equal(inet_pton(AF_INET6, text, &((struct sockaddr_in6 *)(void *)&storage)->sin6_addr), 1);
    return address_key_of(&storage);
}

static void test_address_keys(void **state)
{
    struct address_key a = key_of_v6("2001:db8:1:2::1");
    struct address_key b = key_of_v6("2001:db8:1:2:ffff::2");
    struct address_key c = key_of_v6("2001:db8:1:3::1");
    struct address_key mapped = key_of_v6("::ffff:192.0.2.1");
    struct address_key four = key_of(0xc0000201);
    (void)state;
    assert_memory_equal(&a, &b, sizeof(a));
    assert_memory_not_equal(&a, &c, sizeof(a));
    assert_memory_equal(&mapped, &four, sizeof(four));
}

static void test_address_parse(void **state)
{
    static const struct {
        const char *text;
        bool valid;
        unsigned port;
    } rows[] = {
        {"127.0.0.1:8443", true, 8443}, {"[::1]:9443", true, 9443},  {":80", true, 80},      {"0.0.0.0:0", true, 0},
        {"127.0.0.1", false, 0},        {"localhost:1", false, 0},   {"[::1]", false, 0},    {"[::1:80", false, 0},
        {"::1:80", false, 0},           {"1.2.3.4:65536", false, 0}, {"1.2.3.4:", false, 0}, {"", false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct address address;
        struct error error;
        bool valid = address_parse(rows[i].text, &address, &error);
        if (valid != rows[i].valid || (valid && address_port(&address.storage) != rows[i].port)) {
            fail_msg("%s", rows[i].text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_admission),
        cmocka_unit_test(test_address_keys),
        cmocka_unit_test(test_address_parse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
