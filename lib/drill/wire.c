/* SPDX-License-Identifier: Apache-2.0
 * TLS by hand over a socket, as the server's own transport does it (docs/decisions/0002). */
#include "drill/wire.h"

#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

void wire_init(struct wire *wire, struct event_base *base, const struct target *target, wire_told *told, void *context)
{
    *wire = (struct wire){.target = target, .base = base, .told = told, .context = context, .fd = -1};
}

static void shut(struct wire *wire)
{
    if (wire->fd >= 0) {
        (void)event_del(&wire->input);
        (void)event_del(&wire->output);
        SSL_free(wire->tls);
        (void)close(wire->fd); /* whatever was under way is sent again */
    }
    wire->tls = NULL;
    wire->fd = -1;
    wire->state = WIRE_RESTING;
    wire->length = wire->sent = wire->received = 0;
}

void wire_cut(struct wire *wire)
{
    const struct linger reset = {.l_onoff = 1, .l_linger = 0};
    if (wire->fd >= 0) {
        (void)setsockopt(wire->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)); /* closed all the same */
    }
    shut(wire);
}

static void lose(struct wire *wire)
{
    shut(wire);
    wire->told(wire->context, wire, WIRE_LOST, NULL);
}

/* Whether the call is to be made again later; if not, the connection is of no more use. */
static bool waits(struct wire *wire, int result)
{
    int error = SSL_get_error(wire->tls, result);
    if (error == SSL_ERROR_WANT_WRITE) {
        return event_add(&wire->output, NULL) == 0;
    }
    return error == SSL_ERROR_WANT_READ;
}

static void push(struct wire *wire)
{
    size_t put = 0;
    while (wire->state == WIRE_BUSY && wire->sent < wire->length) {
        ERR_clear_error();
        int result = SSL_write_ex(wire->tls, wire->request + wire->sent, wire->length - wire->sent, &put);
        if (result != 1) {
            if (!waits(wire, result)) {
                (void)event_add(&wire->output,
                                NULL); /* the loop will find it lost; its owner is never told from within a call */
            }
            return;
        }
        wire->sent += put;
    }
}

void wire_send(struct wire *wire, size_t length)
{
    wire->length = length;
    wire->sent = wire->received = 0;
    wire->state = WIRE_BUSY;
    push(wire);
}

/* False when nothing more can be read now, or the wire is not what it was. */
static bool take(struct wire *wire)
{
    size_t got = 0;
    struct reply reply;
    ERR_clear_error();
    int result = SSL_read_ex(wire->tls, wire->answer + wire->received, sizeof(wire->answer) - wire->received, &got);
    if (result != 1) {
        if (!waits(wire, result)) {
            lose(wire);
        }
        return false;
    }
    wire->received += got;
    enum reply_progress progress = reply_read(slice_make(wire->answer, wire->received), sizeof(wire->answer), &reply);
    if (progress == REPLY_PARTIAL) {
        return true;
    }
    if (progress == REPLY_BROKEN || wire->state != WIRE_BUSY) {
        lose(wire); /* nobody asked */
        return false;
    }
    wire->received = 0;
    wire->state = WIRE_IDLE;
    if (reply.closes) {
        int fd = wire->fd;
        wire->told(wire->context, wire, WIRE_ANSWERED, &reply);
        if (wire->fd == fd) {
            lose(wire);
        }
        return false;
    }
    wire->told(wire->context, wire, WIRE_ANSWERED, &reply);
    return wire->fd >= 0 && SSL_has_pending(wire->tls); /* else the loop says when there is more */
}

static bool shake(struct wire *wire)
{
    ERR_clear_error();
    int result = SSL_do_handshake(wire->tls);
    if (result == 1) {
        wire->state = WIRE_IDLE;
        wire->told(wire->context, wire, WIRE_OPENED, NULL);
        return wire->fd >= 0 && SSL_has_pending(wire->tls);
    }
    if (!waits(wire, result)) {
        wire->refusal = SSL_get_verify_result(wire->tls);
        lose(wire);
    }
    return false;
}

static void on_input(evutil_socket_t fd, short what, void *context)
{
    struct wire *wire = context;
    bool more = true;
    (void)fd;
    (void)what;
    while (more) {
        more = wire->state == WIRE_HANDSHAKING ? shake(wire) : take(wire);
    }
}

static void on_output(evutil_socket_t fd, short what, void *context)
{
    struct wire *wire = context;
    if (wire->state == WIRE_BUSY && wire->sent < wire->length) {
        push(wire);
    }
    on_input(fd, what, context); /* a handshake goes on; a dead connection says so when it is read */
}

bool wire_open(struct wire *wire)
{
    wire->refusal = X509_V_OK;
    if (!target_open(wire->target, false, &wire->fd, &wire->tls)) {
        return false;
    }
    wire->state = WIRE_HANDSHAKING;
    if (event_assign(&wire->input, wire->base, wire->fd, EV_READ | EV_PERSIST, on_input, wire) != 0 ||
        event_assign(&wire->output, wire->base, wire->fd, EV_WRITE, on_output, wire) != 0 ||
        event_add(&wire->input, NULL) != 0 || event_add(&wire->output, NULL) != 0) {
        shut(wire);
        return false;
    }
    return true;
}
