/* SPDX-License-Identifier: Apache-2.0
 * Memory that is freed all at once: one arena a request, with a stated maximum. */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"

struct arena_block;

/* Blocks of released arenas, kept for the next: for arenas that come and go with each request, where malloc would merge and split the
 * same memory again and again. All arenas on a shelf belong to one thread. */
struct arena_shelf {
    struct arena_block *blocks;
    size_t block_size; /* bytes */
    unsigned count;
    unsigned most; /* blocks kept; more are freed */
};

struct arena {
    struct arena_shelf *shelf;  /* NULL: none */
    struct arena_block *blocks; /* newest first */
    size_t used;                /* bytes handed out of the newest block */
    size_t total;               /* bytes of all blocks */
    size_t maximum;             /* no block is added past this */
    bool failed;                /* sticky: something was not given, so what was made with it is not whole */
};

/* `maximum` in bytes. No memory is taken before the first allocation. */
void arena_init(struct arena *arena, size_t maximum);
/* As arena_init, with blocks from the shelf, which must outlive it. NULL is no shelf. */
void arena_init_on(struct arena *arena, size_t maximum, struct arena_shelf *shelf);
/* Gives back everything; the arena may be used again. */
void arena_release(struct arena *arena);

void arena_shelf_init(struct arena_shelf *shelf, size_t block_size, unsigned most);
/* Frees the blocks kept. */
void arena_shelf_release(struct arena_shelf *shelf);

/* Zeroed memory aligned for any type; NULL when memory or the maximum is exhausted. A size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);
/* As arena_alloc for count * size, refusing overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A copy with a NUL behind it (not counted in its length). Empty with data NULL when memory is exhausted and s is not empty. */
struct slice arena_dup(struct arena *arena, struct slice s);
/* A NUL-terminated copy, or NULL. */
char *arena_strdup(struct arena *arena, struct slice s);
/* printf into the arena; data is NULL when memory is exhausted. */
struct slice arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
