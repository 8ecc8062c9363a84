/* SPDX-License-Identifier: Apache-2.0
 * The few things a writer asks of a disk, behind a seam: the real one, or a twin that fails or loses power in tests. */
#ifndef JOURNAL_DISK_H
#define JOURNAL_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Each returns as the system call it is named after: a descriptor, a count or 0; -1 with errno. `directory` is a descriptor. */
struct journal_disk {
    void *context;
    int (*open_directory)(void *context, const char *path);
    int (*create)(void *context, int directory, const char *name); /* write only, mode 0600, must not exist */
    int (*lock)(void *context, int fd);                            /* exclusive, without waiting */
    ssize_t (*write)(void *context, int fd, const void *data, size_t length);
    int (*cut)(void *context, int fd, uint64_t length);                            /* ftruncate */
    int (*sync)(void *context, int fd);                                            /* fsync: a file or a directory */
    int (*sync_data)(void *context, int fd);                                       /* fdatasync */
    int (*rename)(void *context, int directory, const char *from, const char *to); /* must not exist */
    int (*remove)(void *context, int directory, const char *name);
    int (*close)(void *context, int fd);
    int (*usage)(void *context, const char *path, uint64_t *bytes); /* of all segments of a directory */
};

/* Lives for ever. */
const struct journal_disk *journal_disk_real(void);

#endif
