/* SPDX-License-Identifier: Apache-2.0
 * Who must go so that another may come. A carrier's network is thousands of honest phones behind one address, so an address has no fixed number
 * of connections: it is held to less only by what it does (connections that lag) and when there is not room for all. */
#ifndef NET_CROWD_H
#define NET_CROWD_H

#include <stdbool.h>

#include "net/address.h"

struct http_server;

/* Before a connection from `key` is taken in. In this order:
 * - Of an address with more than slow_per_address connections that lag, those go that have done so for slow_s, the longest first, two at a time.
 * - When the listener is four fifths full, an address that has its fair share (all there is room for, by the number of addresses) makes room itself:
 *   its longest lagging goes, else one of its idle ones; else the newcomer is refused.
 * - When it is full, whoever's connection has lagged longest goes, else the one that was idle longest.
 * So the first connection of an address is refused only when every single connection has a request in work. False: refuse it. */
bool crowd_make_room(struct http_server *server, struct address_key key);

#endif
