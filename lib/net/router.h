/* SPDX-License-Identifier: Apache-2.0
 * From a method and a path to a row of the route table. */
#ifndef NET_ROUTER_H
#define NET_ROUTER_H

#include "net/http.h"

enum router_outcome {
    ROUTER_FOUND,
    ROUTER_NO_PATH,   /* 404 */
    ROUTER_NO_METHOD, /* 405, with Allow */
    ROUTER_OPTIONS,   /* the path exists (or is "*"), and what it allows is the answer */
};

enum { ROUTER_ALLOW_MAX = 64 };

struct router_match {
    enum router_outcome outcome;
    const struct http_route *route;                     /* ROUTER_FOUND */
    struct slice parameters[HTTP_ROUTE_PARAMETERS_MAX]; /* into the path */
    unsigned allowed;                                   /* bit m: method m has a route here */
};

/* Of several routes that match, the one with the fewest parameters wins ("/cases/late" before "/cases/{case}"). HEAD finds
 * GET's route. */
void router_find(const struct http_route *routes, size_t count, enum http_method method, struct slice path,
                 struct router_match *match);

/* "GET, HEAD, OPTIONS": the value of Allow for a match's `allowed` (RFC 9110 section 10.2.1). */
struct slice router_allow(unsigned allowed, char text[ROUTER_ALLOW_MAX]);

#endif
