/* SPDX-License-Identifier: Apache-2.0
 * The request target: which form it has, and the one path a router may match. Source: RFC 9112 section 3.2. */
#ifndef NET_TARGET_H
#define NET_TARGET_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"
#include "net/http.h"
#include "net/refusal.h"

struct target {
    struct slice path;  /* decoded once, starts with "/"; "*" for OPTIONS * */
    struct slice query; /* raw, without "?" */
};

/* `raw` holds only OCTET_TARGET (the prefilter saw to it). `secure` says which scheme an absolute-form target must name;
 * `host` is the Host field it must agree with (empty: none). The path is in `raw` or in `arena`. */
enum refusal target_parse(struct arena *arena, enum http_method method, struct slice raw, bool secure,
                          struct slice host, struct target *target);

#endif
