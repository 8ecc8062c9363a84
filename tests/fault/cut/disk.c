/* SPDX-License-Identifier: Apache-2.0
 * Keeping two images of a tree and what lies between them; and choosing, after a cut, what of it survived. */
#include "disk.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PENDING_MAX (UINT64_C(64) << 20)

enum kind { WRITE, TRUNCATE, LINK, UNLINK, RENAME };

struct change {
    struct change *next;
    enum kind kind;
    bool chosen;           /* scratch of sync_made_name and crash_directory */
    size_t offset, length; /* WRITE: where; TRUNCATE: `offset` is the new size */
    struct node *node;     /* LINK */
    char name[DISK_NAME_MAX + 1], to[DISK_NAME_MAX + 1];
    char data[]; /* WRITE */
};

struct disk {
    struct node *root, *nodes;
    uint64_t last_number, last_cookie;
    uint64_t chance;
};

static void *need(void *memory)
{
    if (memory == NULL) {
        perror("cutfs");
        exit(1);
    }
    return memory;
}

/* splitmix64 (Steele, Lea, Flood 2014). */
static double chance(struct disk *disk)
{
    uint64_t z = disk->chance += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ z >> 31) >> 11) * 0x1.0p-53;
}

static void touch(struct node *node)
{
    (void)clock_gettime(CLOCK_REALTIME, &node->modified);
    node->changed = node->modified;
}

/* --- bytes --------------------------------------------------------------------------------------------------------------- */

static void bytes_resize(struct bytes *bytes, size_t size)
{
    if (size > bytes->capacity) {
        size_t capacity = size + size / 4;
        bytes->data = need(realloc(bytes->data, capacity));
        memset(bytes->data + bytes->capacity, 0, capacity - bytes->capacity);
        bytes->capacity = capacity;
    }
    if (size < bytes->size) {
        memset(bytes->data + size, 0, bytes->size - size);
    }
    bytes->size = size;
}

static void bytes_put(struct bytes *bytes, size_t offset, const void *data, size_t length)
{
    if (length == 0) {
        return;
    }
    if (offset + length > bytes->size) {
        bytes_resize(bytes, offset + length);
    }
    memcpy(bytes->data + offset, data, length);
}

static void bytes_copy(struct bytes *to, const struct bytes *from)
{
    bytes_resize(to, 0);
    bytes_put(to, 0, from->data, from->size);
}

/* --- names --------------------------------------------------------------------------------------------------------------- */

static struct entry *entries_find(const struct entries *entries, const char *name)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (strcmp(entries->list[i].name, name) == 0) {
            return &entries->list[i];
        }
    }
    return NULL;
}

static void entries_remove(struct entries *entries, const char *name)
{
    struct entry *entry = entries_find(entries, name);
    if (entry != NULL) {
        entries->count--;
        size_t behind = entries->count - (size_t)(entry - entries->list);
        memmove(entry, entry + 1, behind * sizeof(*entry));
    }
}

static void set_name(char to[DISK_NAME_MAX + 1], const char *from)
{
    int length = snprintf(to, DISK_NAME_MAX + 1, "%s", from);
    assert(length >= 0 && length <= DISK_NAME_MAX);
    (void)length;
}

static void entries_add(struct disk *disk, struct entries *entries, const char *name, struct node *node)
{
    if (entries->count == entries->capacity) {
        entries->capacity = entries->capacity > 0 ? entries->capacity * 2 : 16;
        entries->list = need(realloc(entries->list, entries->capacity * sizeof(*entries->list)));
    }
    struct entry *entry = &entries->list[entries->count++];
    set_name(entry->name, name);
    entry->node = node;
    entry->cookie = ++disk->last_cookie;
}

static void entries_copy(struct disk *disk, struct entries *to, const struct entries *from)
{
    to->count = 0;
    for (size_t i = 0; i < from->count; i++) {
        entries_add(disk, to, from->list[i].name, from->list[i].node);
    }
}

/* --- changes ------------------------------------------------------------------------------------------------------------- */

static void apply_name(struct disk *disk, struct entries *entries, const struct change *change)
{
    struct entry *entry = NULL;
    switch (change->kind) {
    case LINK:
        entries_remove(entries, change->name);
        entries_add(disk, entries, change->name, change->node);
        break;
    case UNLINK:
        entries_remove(entries, change->name);
        break;
    case RENAME:
        entry = entries_find(entries, change->name);
        if (entry != NULL) {
            struct node *node = entry->node;
            entries_remove(entries, change->name);
            entries_remove(entries, change->to);
            entries_add(disk, entries, change->to, node);
        }
        break;
    case WRITE:
    case TRUNCATE:
        break;
    }
}

static void apply_bytes(struct bytes *bytes, const struct change *change)
{
    if (change->kind == WRITE) {
        bytes_put(bytes, change->offset, change->data, change->length);
    } else {
        bytes_resize(bytes, change->offset);
    }
}

static struct change *note(struct node *node, enum kind kind, size_t length)
{
    struct change *change = need(calloc(1, sizeof(*change) + length));
    change->kind = kind;
    change->length = length;
    if (node->last != NULL) {
        node->last->next = change;
    } else {
        node->first = change;
    }
    node->last = change;
    node->pending += length;
    touch(node);
    return change;
}

static void drop_first(struct node *node)
{
    struct change *change = node->first;
    node->first = change->next;
    node->last = node->first != NULL ? node->last : NULL;
    node->pending -= change->length;
    free(change);
}

static void note_name(struct disk *disk, struct node *directory, enum kind kind, const char *name, const char *to,
                      struct node *node)
{
    struct change *change = note(directory, kind, 0);
    set_name(change->name, name);
    set_name(change->to, to);
    change->node = node;
    apply_name(disk, &directory->names, change);
}

/* --- what programs do ---------------------------------------------------------------------------------------------------- */

static struct node *node_new(struct disk *disk, mode_t mode)
{
    struct node *node = need(calloc(1, sizeof(*node)));
    node->number = ++disk->last_number;
    node->mode = mode;
    node->next = disk->nodes;
    disk->nodes = node;
    touch(node);
    return node;
}

static void node_free(struct node *node)
{
    while (node->first != NULL) {
        drop_first(node);
    }
    free(node->now.data);
    free(node->synced.data);
    free(node->names.list);
    free(node->kept.list);
    free(node);
}

struct disk *disk_new(void)
{
    struct disk *disk = need(calloc(1, sizeof(*disk)));
    disk->last_cookie = 2; /* "." and ".." stand before */
    disk->root = node_new(disk, S_IFDIR | 0755);
    return disk;
}

void disk_free(struct disk *disk)
{
    while (disk->nodes != NULL) {
        struct node *node = disk->nodes;
        disk->nodes = node->next;
        node_free(node);
    }
    free(disk);
}

struct node *disk_root(const struct disk *disk)
{
    return disk->root;
}

struct entry *disk_find(struct node *directory, const char *name)
{
    return entries_find(&directory->names, name);
}

struct node *disk_make(struct disk *disk, struct node *directory, const char *name, mode_t mode)
{
    struct node *node = node_new(disk, mode);
    node->parent = directory;
    note_name(disk, directory, LINK, name, "", node);
    return node;
}

void disk_link(struct disk *disk, struct node *directory, const char *name, struct node *node)
{
    note_name(disk, directory, LINK, name, "", node);
}

void disk_unlink(struct disk *disk, struct node *directory, const char *name)
{
    note_name(disk, directory, UNLINK, name, "", NULL);
}

void disk_rename(struct disk *disk, struct node *directory, const char *from, const char *to)
{
    if (strcmp(from, to) != 0) {
        note_name(disk, directory, RENAME, from, to, NULL);
    }
}

static void note_bytes(struct node *file, const struct change *change)
{
    apply_bytes(&file->now, change);
    while (file->pending > PENDING_MAX) {
        apply_bytes(&file->synced, file->first);
        drop_first(file);
    }
}

void disk_write(struct node *file, size_t offset, const void *data, size_t length)
{
    struct change *change = note(file, WRITE, length);
    change->offset = offset;
    if (length > 0) {
        memcpy(change->data, data, length);
    }
    note_bytes(file, change);
}

void disk_truncate(struct node *file, size_t size)
{
    struct change *change = note(file, TRUNCATE, 0);
    change->offset = size;
    note_bytes(file, change);
}

static uint64_t used_below(const struct node *node)
{
    uint64_t used = node->now.size; /* of a directory: none */
    for (size_t i = 0; i < node->names.count; i++) {
        used += used_below(node->names.list[i].node);
    }
    return used;
}

uint64_t disk_used(const struct disk *disk)
{
    return used_below(disk->root);
}

/* --- syncing ------------------------------------------------------------------------------------------------------------- */

static bool touches(const struct change *change, const char *name)
{
    return strcmp(change->name, name) == 0 || (change->kind == RENAME && strcmp(change->to, name) == 0);
}

static bool share_a_name(const struct change *a, const struct change *b)
{
    return touches(a, b->name) || (b->kind == RENAME && touches(a, b->to));
}

/* Chooses each change before `last` that a chosen one builds upon. */
static void choose_needed(struct node *directory, struct change *last)
{
    last->chosen = true;
    for (bool more = true; more;) {
        more = false;
        for (struct change *early = directory->first; early != last; early = early->next) {
            for (struct change *late = early->next; !early->chosen; late = late->next) {
                early->chosen = late->chosen && share_a_name(early, late);
                more = more || early->chosen;
                if (late == last) {
                    break;
                }
            }
        }
    }
}

static void apply_chosen(struct disk *disk, struct node *directory)
{
    struct change **link = &directory->first;
    directory->last = NULL;
    while (*link != NULL) {
        struct change *change = *link;
        if (change->chosen) {
            *link = change->next;
            apply_name(disk, &directory->kept, change);
            free(change);
        } else {
            directory->last = change;
            link = &change->next;
        }
    }
}

/* The name a node was made by, when no sync of its directory has kept it yet; and its directory's. */
static void sync_made_name(struct disk *disk, const struct node *node)
{
    for (; node->parent != NULL; node = node->parent) {
        struct change *made = node->parent->first;
        while (made != NULL && !(made->kind == LINK && made->node == node)) {
            made = made->next;
        }
        if (made != NULL) {
            choose_needed(node->parent, made);
            apply_chosen(disk, node->parent);
        }
    }
}

void disk_sync_data(struct node *file)
{
    while (file->first != NULL) {
        apply_bytes(&file->synced, file->first);
        drop_first(file);
    }
}

void disk_sync(struct disk *disk, struct node *node)
{
    if (S_ISDIR(node->mode)) {
        for (; node->first != NULL; drop_first(node)) {
            apply_name(disk, &node->kept, node->first);
        }
    } else {
        disk_sync_data(node);
    }
    sync_made_name(disk, node);
}

void disk_sync_all(struct disk *disk)
{
    for (struct node *node = disk->nodes; node != NULL; node = node->next) {
        disk_sync(disk, node);
    }
}

/* --- the power cut ------------------------------------------------------------------------------------------------------- */

/* How likely a change of one file survives: often all or nothing, as when write-back had just run or not yet begun. */
static double survival(struct disk *disk)
{
    static const double likely[] = {0.0, 0.0, 0.02, 0.3, 0.5, 0.7, 0.98, 1.0};
    return likely[(size_t)(chance(disk) * (double)(sizeof(likely) / sizeof(likely[0])))];
}

/* Number of the latest change of `file` that each of its sectors, and its length, show; 0 for none. */
struct versions {
    uint32_t *sectors;
    size_t count;
    uint32_t length;
};

static size_t sectors_of(size_t size)
{
    return (size + DISK_SECTOR - 1) / DISK_SECTOR;
}

static void choose_versions(struct disk *disk, const struct node *file, struct versions *versions)
{
    double likely = survival(disk);
    uint32_t number = 0;
    for (const struct change *change = file->first; change != NULL; change = change->next) {
        number++;
        if (chance(disk) < likely) {
            versions->length = number;
        }
        for (size_t s = change->offset / DISK_SECTOR;
             change->kind == WRITE && s < sectors_of(change->offset + change->length); s++) {
            if (chance(disk) < likely) {
                versions->sectors[s] = number;
            }
        }
    }
    /* Blocks past a cut are given up with it, and what is written there later goes to new ones, which come with the length. */
    number = 0;
    for (const struct change *change = file->first; change != NULL; change = change->next) {
        number++;
        for (size_t s = change->offset / DISK_SECTOR; change->kind == TRUNCATE && s < versions->count; s++) {
            uint32_t *version = &versions->sectors[s];
            if (versions->length >= number && *version < number) {
                *version = number;
            } else if (versions->length < number && *version >= number) {
                *version = number - 1;
            }
        }
    }
}

/* True when all of the change is in the result. A sector at a time: `synced` first, then each change up to the sector's version. */
static bool apply_by_version(struct bytes *bytes, const struct change *change, uint32_t number,
                             const struct versions *versions)
{
    bool whole = number <= versions->length;
    if (change->kind == TRUNCATE) {
        for (size_t at = change->offset; at < bytes->size; at = (at / DISK_SECTOR + 1) * DISK_SECTOR) {
            size_t end = (at / DISK_SECTOR + 1) * DISK_SECTOR;
            if (number <= versions->sectors[at / DISK_SECTOR]) {
                memset(bytes->data + at, 0, (end < bytes->size ? end : bytes->size) - at);
            }
        }
        return whole;
    }
    for (size_t at = change->offset, end = change->offset + change->length; at < end;) {
        size_t next = (at / DISK_SECTOR + 1) * DISK_SECTOR;
        size_t length = (next < end ? next : end) - at;
        if (number <= versions->sectors[at / DISK_SECTOR]) {
            bytes_put(bytes, at, change->data + (at - change->offset), length);
        } else {
            whole = false;
        }
        at += length;
    }
    return whole;
}

static size_t size_after(const struct node *file, uint32_t version)
{
    size_t size = file->synced.size;
    uint32_t number = 0;
    for (const struct change *change = file->first; change != NULL && number < version; change = change->next) {
        number++;
        size_t end = change->offset + change->length;
        size = change->kind == TRUNCATE || end > size ? end : size;
    }
    return size;
}

static void crash_file(struct disk *disk, struct node *file, struct disk_losses *losses)
{
    if (file->first == NULL) {
        return;
    }
    size_t largest = file->synced.size;
    for (const struct change *change = file->first; change != NULL; change = change->next) {
        size_t end = change->offset + change->length;
        largest = end > largest ? end : largest;
    }
    struct versions versions = {.count = sectors_of(largest)};
    versions.sectors = need(calloc(versions.count + 1, sizeof(*versions.sectors)));
    choose_versions(disk, file, &versions);
    size_t size = size_after(file, versions.length);
    bytes_resize(&file->synced, largest);
    for (uint32_t number = 1; file->first != NULL; number++) {
        losses->writes++;
        losses->writes_lost += !apply_by_version(&file->synced, file->first, number, &versions);
        drop_first(file);
    }
    bytes_resize(&file->synced, size);
    bytes_copy(&file->now, &file->synced);
    free(versions.sectors);
}

/* A change that survives takes with it nothing but those of the same names before it: they must have survived, too. */
static void crash_directory(struct disk *disk, struct node *directory, struct disk_losses *losses)
{
    double likely = survival(disk);
    for (struct change *change = directory->first; change != NULL; change = change->next) {
        change->chosen = chance(disk) < likely;
        for (const struct change *early = directory->first; early != change; early = early->next) {
            change->chosen = change->chosen && (early->chosen || !share_a_name(early, change));
        }
    }
    for (; directory->first != NULL; drop_first(directory)) {
        losses->names++;
        losses->names_lost += !directory->first->chosen;
        if (directory->first->chosen) {
            apply_name(disk, &directory->kept, directory->first);
        }
    }
    entries_copy(disk, &directory->names, &directory->kept);
}

static void reach(struct node *node)
{
    if (node->reached) {
        return;
    }
    node->reached = true;
    for (size_t i = 0; i < node->names.count; i++) {
        reach(node->names.list[i].node);
    }
}

void disk_crash(struct disk *disk, uint64_t seed, struct disk_losses *losses)
{
    *losses = (struct disk_losses){0};
    disk->chance = seed;
    for (struct node *node = disk->nodes; node != NULL; node = node->next) {
        (S_ISDIR(node->mode) ? crash_directory : crash_file)(disk, node, losses);
        node->reached = false;
    }
    reach(disk->root);
    for (struct node **link = &disk->nodes; *link != NULL;) {
        struct node *node = *link;
        if (node->reached) {
            link = &node->next;
        } else {
            *link = node->next;
            node_free(node);
        }
    }
}
