/* SPDX-License-Identifier: Apache-2.0
 * A file tree in memory that knows, for every byte and name, what a power cut may take: the model under cutfs.
 *
 * There are two images of each file and directory. The volatile one is what programs see. The durable one is what was synced. Between
 * them stands the list of changes since; a power cut keeps any of them, chosen at random, and forgets the rest.
 *
 * What may be lost, and what PostgreSQL and the journal must therefore live with:
 * - Bytes written and not synced (fsync or fdatasync, through any descriptor of the file). They survive or not by sector of 512 bytes,
 *   each on its own, in any order; a sector written several times may be there as it was after any of the writes. So pages of
 *   PostgreSQL (8 KiB) and entries of the journal tear.
 * - The length of a file that grew or was cut since its last sync. Bytes past the length that survived are gone; a length that survived
 *   alone shows zeros.
 * - A name made, removed or renamed, until its directory is synced. Names are lost in any order, except that changes of one name
 *   happen in theirs.
 * What is not lost, because no file system that PostgreSQL supports (ext4, XFS, btrfs, ZFS) loses it, and PostgreSQL counts on that:
 * - A rename is whole: after the cut a file has its old name or its new one, never neither nor both.
 * - fsync (not fdatasync) of a new file keeps the name it was made by, and those of the new directories above. POSIX does not promise
 *   it, but these file systems do (ext4_sync_parent() in Linux says so of itself), and PostgreSQL's checkpoint syncs the files of new
 *   tables and not their directories. A name given by a later rename or link is not kept so.
 * - A sector is whole (pg_control relies on it).
 * - Mode, owner and times, which nobody here relies on after a cut.
 * - What was written long ago, once more than 64 MiB of one file await a sync: a kernel would have written that back, too.
 * The disk does not lie: what was synced is there. docs/durability.md says what comes of a disk that does. */
#ifndef FAULT_CUT_DISK_H
#define FAULT_CUT_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

enum { DISK_SECTOR = 512, DISK_NAME_MAX = 255 };

struct disk;
struct change;

struct bytes {
    char *data;
    size_t size, capacity; /* zeros from size to capacity */
};

struct node;
struct entry {
    char name[DISK_NAME_MAX + 1];
    struct node *node;
    uint64_t cookie; /* rising with the age of the entry: where readdir goes on */
};
struct entries {
    struct entry *list;
    size_t count, capacity;
};

/* Read freely; written by the functions below, but for owner, mode and times. */
struct node {
    uint64_t number;
    mode_t mode;
    uid_t uid;
    gid_t gid;
    struct timespec modified, changed;
    struct node *parent;         /* the directory it was made in; NULL for the root */
    struct bytes now, synced;    /* of a file */
    struct entries names, kept;  /* of a directory: now, and synced */
    struct change *first, *last; /* from `synced` or `kept` to now, in order */
    size_t pending;              /* bytes that the changes hold */
    bool reached;
    struct node *next;
};

struct disk_losses {
    uint64_t writes, writes_lost; /* of bytes, and changes of length; lost: not wholly there */
    uint64_t names, names_lost;
};

/* Running out of memory ends the program: there is nobody here to tell. */
struct disk *disk_new(void);
void disk_free(struct disk *disk);
struct node *disk_root(const struct disk *disk);

/* NULL when there is none. */
struct entry *disk_find(struct node *directory, const char *name);
/* Makes a file or a directory under a name that is free. */
struct node *disk_make(struct disk *disk, struct node *directory, const char *name, mode_t mode);
/* Gives a node a name that is free. */
void disk_link(struct disk *disk, struct node *directory, const char *name, struct node *node);
/* The name must be there. */
void disk_unlink(struct disk *disk, struct node *directory, const char *name);
/* `from` must be there; what is called `to` loses that name. */
void disk_rename(struct disk *disk, struct node *directory, const char *from, const char *to);
void disk_write(struct node *file, size_t offset, const void *data, size_t length);
void disk_truncate(struct node *file, size_t size);

/* Bytes of all files that have a name. */
uint64_t disk_used(const struct disk *disk);

/* fdatasync of a file. */
void disk_sync_data(struct node *file);
/* fsync of a file or a directory. */
void disk_sync(struct disk *disk, struct node *node);
void disk_sync_all(struct disk *disk);

/* The power is cut and comes back: every image becomes what survived, by chance out of `seed`; nodes without a name are freed. */
void disk_crash(struct disk *disk, uint64_t seed, struct disk_losses *losses);

#endif
