/* SPDX-License-Identifier: Apache-2.0
 * Whether jansson was refused memory: it does not always say so (jansson 2.14, strbuffer.c: what is saved of a text is short by the
 * byte for which its buffer could not grow). */
#ifndef CORE_JSON_MEMORY_H
#define CORE_JSON_MEMORY_H

#include <stdint.h>

/* From now on jansson's memory comes through here. Once a process, before the first tree is made; for one thread. */
void json_memory_watch(void);
/* How often it was refused since. What was made while this grew must not be relied on. */
uint64_t json_memory_refusals(void);

#endif
