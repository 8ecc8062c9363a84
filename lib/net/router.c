/* SPDX-License-Identifier: Apache-2.0
 * Compares segment by segment. Tables have tens of rows: a walk over them costs less than what would speed it up. */
#include "net/router.h"

#include <string.h>

struct candidate {
    struct slice parameters[HTTP_ROUTE_PARAMETERS_MAX];
    size_t count;
};

static bool matches(const char *pattern, struct slice path, struct candidate *candidate)
{
    size_t at = 0;
    candidate->count = 0;
    for (; *pattern != '\0' && at < path.length; pattern++) {
        if (*pattern != '{') {
            if (path.data[at++] != *pattern) {
                return false;
            }
            continue;
        }
        struct slice rest = slice_sub(path, at, path.length);
        size_t end = slice_index(rest, '/');
        const char *close = strchr(pattern, '}');
        if (end == 0 || close == NULL || candidate->count == HTTP_ROUTE_PARAMETERS_MAX) {
            return false;
        }
        candidate->parameters[candidate->count++] = slice_sub(rest, 0, end);
        at += end;
        pattern = close;
    }
    return *pattern == '\0' && at == path.length;
}

static void judge(enum http_method method, struct router_match *match)
{
    if (match->route != NULL) {
        match->outcome = ROUTER_FOUND;
    } else if (match->allowed == 0) {
        match->outcome = ROUTER_NO_PATH;
    } else {
        match->outcome = method == HTTP_OPTIONS ? ROUTER_OPTIONS : ROUTER_NO_METHOD;
    }
}

void router_find(const struct http_route *routes, size_t count, enum http_method method, struct slice path,
                 struct router_match *match)
{
    enum http_method wanted = method == HTTP_HEAD ? HTTP_GET : method;
    size_t fewest = HTTP_ROUTE_PARAMETERS_MAX + 1;
    *match = (struct router_match){.outcome = ROUTER_NO_PATH};
    for (size_t i = 0; i < count; i++) {
        struct candidate candidate;
        if (slice_equal(path, SLICE("*"))) { /* OPTIONS *: the server as a whole */
            match->allowed |= 1U << routes[i].method;
            continue;
        }
        if (!matches(routes[i].pattern, path, &candidate)) {
            continue;
        }
        match->allowed |= 1U << routes[i].method;
        if (routes[i].method == wanted && candidate.count < fewest) {
            fewest = candidate.count;
            match->route = &routes[i];
            memset(match->parameters, 0, sizeof(match->parameters));
            memcpy(match->parameters, candidate.parameters, candidate.count * sizeof(candidate.parameters[0]));
        }
    }
    judge(method, match);
}

struct slice router_allow(unsigned allowed, char text[ROUTER_ALLOW_MAX])
{
    static const struct {
        enum http_method needs; /* the route that makes the method available */
        struct slice name;
    } names[] = {
        {HTTP_GET, SLICE_INIT("GET, ")}, {HTTP_GET, SLICE_INIT("HEAD, ")},    {HTTP_POST, SLICE_INIT("POST, ")},
        {HTTP_PUT, SLICE_INIT("PUT, ")}, {HTTP_PATCH, SLICE_INIT("PATCH, ")}, {HTTP_DELETE, SLICE_INIT("DELETE, ")},
    };
    size_t used = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if ((allowed & 1U << names[i].needs) != 0) {
            memcpy(text + used, names[i].name.data, names[i].name.length);
            used += names[i].name.length;
        }
    }
    memcpy(text + used, "OPTIONS", 7);
    _Static_assert(ROUTER_ALLOW_MAX > sizeof("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"), "every method fits");
    return slice_make(text, used + 7);
}
