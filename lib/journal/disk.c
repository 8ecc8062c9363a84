/* SPDX-License-Identifier: Apache-2.0
 * The real disk: one system call a function. */
#include "journal/disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/journal.h"

static int real_open_directory(void *context, const char *path)
{
    (void)context;
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int real_create(void *context, int directory, const char *name)
{
    (void)context;
    return openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

static int real_lock(void *context, int fd)
{
    (void)context;
    return flock(fd, LOCK_EX | LOCK_NB);
}

static ssize_t real_write(void *context, int fd, const void *data, size_t length)
{
    (void)context;
    return write(fd, data, length);
}

static int real_cut(void *context, int fd, uint64_t length)
{
    (void)context;
    return ftruncate(fd, (off_t)length);
}

static int real_sync(void *context, int fd)
{
    (void)context;
    return fsync(fd);
}

static int real_sync_data(void *context, int fd)
{
    (void)context;
    return fdatasync(fd);
}

static int real_rename(void *context, int directory, const char *from, const char *to)
{
    (void)context;
    return renameat2(directory, from, directory, to, RENAME_NOREPLACE);
}

static int real_remove(void *context, int directory, const char *name)
{
    (void)context;
    return unlinkat(directory, name, 0);
}

static int real_close(void *context, int fd)
{
    (void)context;
    return close(fd);
}

static int real_usage(void *context, const char *path, uint64_t *bytes)
{
    struct journal_summary summary = {.segments = 0};
    (void)context;
    if (!journal_list(path, NULL, 0, &summary, NULL)) {
        return -1;
    }
    *bytes = summary.bytes;
    return 0;
}

const struct journal_disk *journal_disk_real(void)
{
    static const struct journal_disk real = {
        .open_directory = real_open_directory,
        .create = real_create,
        .lock = real_lock,
        .write = real_write,
        .cut = real_cut,
        .sync = real_sync,
        .sync_data = real_sync_data,
        .rename = real_rename,
        .remove = real_remove,
        .close = real_close,
        .usage = real_usage,
    };
    return &real;
}
