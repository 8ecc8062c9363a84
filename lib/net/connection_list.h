/* SPDX-License-Identifier: Apache-2.0
 * The connections that are in one state. */
#ifndef NET_CONNECTION_LIST_H
#define NET_CONNECTION_LIST_H

struct connection;

struct connection_list {
    struct connection *first, *last;
};

void connection_list_append(struct connection_list *list, struct connection *connection);
void connection_list_remove(struct connection_list *list, struct connection *connection);

#endif
