/* SPDX-License-Identifier: Apache-2.0
 * malloc, counted when it refuses. */
#include "core/json_memory.h"

#include <jansson.h>
#include <stdlib.h>

static uint64_t refusals; /* a metric */

static void *take(size_t size)
{
    void *memory = malloc(size);
    refusals += memory == NULL ? 1 : 0;
    return memory;
}

void json_memory_watch(void)
{
    json_set_alloc_funcs(take, free);
}

uint64_t json_memory_refusals(void)
{
    return refusals;
}
