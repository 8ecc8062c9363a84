/* SPDX-License-Identifier: Apache-2.0
 * Choosing a victim. Everything is bounded: no flood makes a choice dear. */
#include "net/crowd.h"

#include <stddef.h>
#include <string.h>

#include "net/server_state.h"

enum { OWN_STEPS_MAX = 256, GO_AT_ONCE = 2 };

/* The lists stand in the order in which their connections came to that state. */
static const enum connection_state lagging_states[] = {CONNECTION_QUEUED, CONNECTION_HANDSHAKE, CONNECTION_HEAD,
                                                       CONNECTION_BODY,   CONNECTION_WRITING,   CONNECTION_LINGERING};

static struct connection *connection_of(struct peers_link *link)
{
    return link != NULL ? (struct connection *)(void *)((char *)link - offsetof(struct connection, lag)) : NULL;
}

static bool evict(struct http_server *server, struct connection *victim)
{
    if (victim == NULL) {
        return false;
    }
    server->metrics.connections_evicted++;
    connection_abort(victim);
    return true;
}

static void drop_old_laggards(struct http_server *server, struct address_key key)
{
    const struct http_limits *limits = &server->config.limits;
    int64_t since_us = server->now_us - limits->slow_s * MICROSECONDS_A_SECOND;
    for (unsigned i = 0; i < GO_AT_ONCE && peers_lagging(&server->peers, key) > limits->slow_per_address; i++) {
        struct connection *slowest = connection_of(peers_slowest(&server->peers, key));
        if (slowest == NULL || slowest->lags_since_us > since_us || !evict(server, slowest)) {
            return;
        }
    }
}

static struct connection *own_idle(const struct http_server *server, struct address_key key)
{
    struct connection *at = server->lists[CONNECTION_IDLE].first;
    for (unsigned i = 0; i < OWN_STEPS_MAX && at != NULL; i++, at = at->next) {
        if (memcmp(&at->peer_key, &key, sizeof(key)) == 0) {
            return at;
        }
    }
    return NULL;
}

static struct connection *anyones_slowest(const struct http_server *server)
{
    struct connection *slowest = NULL;
    for (size_t i = 0; i < sizeof(lagging_states) / sizeof(lagging_states[0]); i++) {
        struct connection *first = server->lists[lagging_states[i]].first;
        if (first != NULL && first->lags && (slowest == NULL || first->lags_since_us < slowest->lags_since_us)) {
            slowest = first;
        }
    }
    return slowest;
}

bool crowd_make_room(struct http_server *server, struct address_key key)
{
    uint64_t most = server->config.limits.connections_max;
    drop_old_laggards(server, key);
    if (server->metrics.connections_open < most - most / 5) {
        return true;
    }
    unsigned own = peers_count(&server->peers, key);
    if (own > 0 && own >= most / server->peers.used) {
        struct connection *slowest = connection_of(peers_slowest(&server->peers, key));
        return evict(server, slowest != NULL ? slowest : own_idle(server, key));
    }
    if (server->metrics.connections_open < most) {
        return true;
    }
    struct connection *slowest = anyones_slowest(server);
    return evict(server, slowest != NULL ? slowest : server->lists[CONNECTION_IDLE].first);
}
