/* SPDX-License-Identifier: Apache-2.0
 * What a gateway wants to read when its messages are on stable storage. */
#ifndef GATEWAY_ANSWER_H
#define GATEWAY_ANSWER_H

#include "gateway/kind.h"
#include "core/arena.h"

/* The content for `reply` (UTF-8, texted to `to`; empty: nothing is texted back), escaped as its type asks, in the arena. A kind whose answer carries no
 * reply is answered without. data NULL when memory is out. */
struct slice gateway_answer(const struct gateway_kind *kind, struct slice reply, struct slice to, struct arena *arena);

#endif
