/* SPDX-License-Identifier: Apache-2.0
 * One keep-alive TLS connection with one request at a time.
 *
 *   RESTING --wire_open--> HANDSHAKING --> IDLE --wire_send--> BUSY --whole answer--> IDLE
 *      ^------------------------- lost, or wire_cut -------------------'
 *
 * Its owner is told of each step by one function, which may send the next request, or cut; it must not free the wire. */
#ifndef DRILL_WIRE_H
#define DRILL_WIRE_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stdint.h>

#include "drill/reply.h"
#include "drill/submission.h"
#include "drill/target.h"

enum wire_state { WIRE_RESTING, WIRE_HANDSHAKING, WIRE_IDLE, WIRE_BUSY };
enum wire_event { WIRE_OPENED, WIRE_ANSWERED, WIRE_LOST };

struct wire;
/* ANSWERED: `reply` is valid during the call. LOST: the wire is RESTING, what it had asked is unanswered. */
typedef void wire_told(void *context, struct wire *wire, enum wire_event event, const struct reply *reply);

struct wire {
    const struct target *target;
    struct event_base *base;
    wire_told *told;
    void *context;
    enum wire_state state;
    SSL *tls;
    int fd;
    struct event input, output;
    long refusal; /* of the server's certificate, by the last handshake; X509_V_OK */
    size_t length, sent, received;
    char request[SUBMISSION_MAX];
    char answer[REPLY_MAX];
};

void wire_init(struct wire *wire, struct event_base *base, const struct target *target, wire_told *told, void *context);
/* When RESTING. False when there is no socket to be had; the wire rests on. */
bool wire_open(struct wire *wire);
/* When IDLE: sends wire->request, `length` bytes of it; `told` is never called before it returns. */
void wire_send(struct wire *wire, size_t length);
/* Resets the connection where it stands (RST, as a network that is gone); `told` is not called. */
void wire_cut(struct wire *wire);

#endif
