/* SPDX-License-Identifier: Apache-2.0
 * Doubly linked, through the connections themselves. */
#include "net/connection_list.h"

#include "net/connection.h"

void connection_list_remove(struct connection_list *list, struct connection *connection)
{
    *(connection->previous != NULL ? &connection->previous->next : &list->first) = connection->next;
    *(connection->next != NULL ? &connection->next->previous : &list->last) = connection->previous;
    connection->next = NULL;
    connection->previous = NULL;
}

void connection_list_append(struct connection_list *list, struct connection *connection)
{
    connection->previous = list->last;
    *(list->last != NULL ? &list->last->next : &list->first) = connection;
    list->last = connection;
}
