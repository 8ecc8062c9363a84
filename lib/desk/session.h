/* SPDX-License-Identifier: Apache-2.0
 * What a browser or program holds to say who it is, and how the desk knows that it means what it asks. */
#ifndef DESK_SESSION_H
#define DESK_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "net/http.h"
#include "seal/blind.h"

enum {
    SESSION_TOKEN_BYTES = 32,
    SESSION_TOKEN_SIZE = 43,            /* base64url without padding */
    SESSION_CREDENTIAL_MAX = 128,       /* longer ones are not ours */
    SESSION_CSRF_SIZE = 2 * BLIND_SIZE, /* hexadecimal */
};

enum session_kind { SESSION_NONE, SESSION_COOKIE, SESSION_BEARER };

struct session_credential {
    enum session_kind kind;
    struct slice token; /* borrowed from the request */
};

/* The Authorization header when there is one, else the cookie: a page of another site can make a browser send the second only. */
struct session_credential session_credential_of(const struct http_request *request);

/* A new random token. NUL-terminated. */
struct slice session_token_make(char text[SESSION_TOKEN_SIZE + 1]);
/* What the database keeps of a token. */
void session_mac(const struct blind_keys *keys, struct slice token, uint8_t mac[BLIND_SIZE]);
/* What a page of ours sends back with each change, and no other site can know. NUL-terminated. */
struct slice session_csrf(const struct blind_keys *keys, struct slice token, char text[SESSION_CSRF_SIZE + 1]);
/* The request carries the session's X-CSRF-Token, or the form field "csrf". */
bool session_csrf_matches(const struct blind_keys *keys, struct slice token, const struct http_request *request,
                          struct arena *arena);
/* False when the browser says that another site's page sent this. */
bool session_is_same_origin(const struct http_request *request);

/* What a browser keeps to show that this user signed in from it before; it opens nothing. NUL-terminated. */
struct slice session_device(const struct blind_keys *keys, struct slice user, char text[SESSION_CSRF_SIZE + 1]);
/* The request carries it. */
bool session_device_matches(const struct blind_keys *keys, struct slice user, const struct http_request *request);

/* Values of Set-Cookie; data is NULL when memory is out. */
struct slice session_cookie(struct arena *arena, struct slice token);
struct slice session_cookie_end(void);
struct slice session_device_cookie(struct arena *arena, struct slice device);

#endif
