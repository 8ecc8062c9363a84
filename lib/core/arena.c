/* SPDX-License-Identifier: Apache-2.0
 * A chain of malloc'd blocks, handed out from the front and cleared as they are. */
#include "core/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK_MIN = 4096 };

struct arena_block {
    struct arena_block *next;
    size_t size; /* usable bytes behind this header */
    alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *arena, size_t maximum)
{
    *arena = (struct arena){.maximum = maximum};
}

void arena_init_on(struct arena *arena, size_t maximum, struct arena_shelf *shelf)
{
    *arena = (struct arena){.shelf = shelf, .maximum = maximum};
}

void arena_shelf_init(struct arena_shelf *shelf, size_t block_size, unsigned most)
{
#ifdef __SANITIZE_ADDRESS__
    most = 0; /* so that the sanitizer sees what is used after its release */
#endif
    *shelf = (struct arena_shelf){.block_size = block_size, .most = most};
}

static void free_blocks(struct arena_block *blocks)
{
    while (blocks != NULL) {
        struct arena_block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
}

void arena_shelf_release(struct arena_shelf *shelf)
{
    free_blocks(shelf->blocks);
    shelf->blocks = NULL;
    shelf->count = 0;
}

static void put_back(struct arena_shelf *shelf, struct arena_block *block)
{
    if (shelf == NULL || block->size != shelf->block_size || shelf->count >= shelf->most) {
        free(block);
        return;
    }
    block->next = shelf->blocks;
    shelf->blocks = block;
    shelf->count++;
}

static struct arena_block *new_block(struct arena_shelf *shelf, size_t size)
{
    struct arena_block *block = shelf != NULL && size == shelf->block_size ? shelf->blocks : NULL;
    if (block != NULL) {
        shelf->blocks = block->next;
        shelf->count--;
        return block;
    }
    block = size <= SIZE_MAX - sizeof(*block) ? malloc(sizeof(*block) + size) : NULL;
    if (block != NULL) {
        block->size = size;
    }
    return block;
}

void arena_release(struct arena *arena)
{
    while (arena->blocks != NULL) {
        struct arena_block *next = arena->blocks->next;
        put_back(arena->shelf, arena->blocks);
        arena->blocks = next;
    }
    arena->used = 0;
    arena->total = 0;
    arena->failed = false;
}

static struct arena_block *add_block(struct arena *arena, size_t size)
{
    size_t least = arena->shelf != NULL ? arena->shelf->block_size : ARENA_BLOCK_MIN;
    size_t room = size > least ? size : least;
    if (room > arena->maximum || arena->total > arena->maximum - room) {
        room = size; /* near the maximum, take only what is asked for */
        if (room > arena->maximum || arena->total > arena->maximum - room) {
            return NULL;
        }
    }
    struct arena_block *block = new_block(arena->shelf, room);
    if (block == NULL) {
        return NULL;
    }
    block->next = arena->blocks;
    arena->blocks = block;
    arena->used = 0;
    arena->total += room;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX - align) {
        arena->failed = true;
        return NULL;
    }
    size = size == 0 ? align : (size + align - 1) / align * align;
    struct arena_block *block = arena->blocks;
    if (block == NULL || block->size - arena->used < size) {
        block = add_block(arena, size);
        if (block == NULL) {
            arena->failed = true;
            return NULL;
        }
    }
    void *memory = block->bytes + arena->used;
    arena->used += size;
    memset(memory, 0, size);
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        arena->failed = true;
        return NULL;
    }
    return arena_alloc(arena, count * size);
}

char *arena_strdup(struct arena *arena, struct slice s)
{
    char *copy = arena_alloc(arena, s.length < SIZE_MAX ? s.length + 1 : SIZE_MAX);
    if (copy != NULL && s.length > 0) {
        memcpy(copy, s.data, s.length);
    }
    return copy;
}

struct slice arena_dup(struct arena *arena, struct slice s)
{
    char *copy = arena_strdup(arena, s);
    return copy != NULL ? slice_make(copy, s.length) : (struct slice){NULL, 0};
}

struct slice arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return (struct slice){NULL, 0};
    }
    char *text = arena_alloc(arena, (size_t)length + 1);
    if (text == NULL) {
        return (struct slice){NULL, 0};
    }
    va_start(arguments, format);
    (void)vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return slice_make(text, (size_t)length);
}
