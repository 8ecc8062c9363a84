/* SPDX-License-Identifier: Apache-2.0
 * A disk that fails at a chosen call, forgets what was not synced, and lies after a failed sync as Linux does: real files below,
 * and a record of what a power cut would leave of each. */
#ifndef TESTS_UNIT_JOURNAL_POWER_CUT_H
#define TESTS_UNIT_JOURNAL_POWER_CUT_H

#include <errno.h>

#include "scratch.h"

#include "journal/disk.h"

enum { POWER_CUT_FILES = 64 };

/* What a failing write leaves behind. */
enum power_cut_write { WRITE_NOTHING, WRITE_HALF_THEN_ERROR, WRITE_HALF, WRITE_STYLES };

struct power_cut_file {
    char name[128];
    int fd; /* -1 once closed */
    off_t synced;
    bool named;  /* its present name is on stable storage */
    bool gone;   /* removed: nothing answered can depend on it */
    bool doomed; /* a sync failed: its dirty pages are marked clean, and later syncs succeed in vain */
};

struct power_cut {
    const struct journal_disk *real;
    int directory;
    unsigned calls;
    char trace[256];                /* the names of the first calls */
    unsigned fail_from, fail_until; /* calls in [from, until) fail; the first is 1 */
    enum power_cut_write write_style;
    int error;
    struct power_cut_file
        files[POWER_CUT_FILES + 1]; /* one more for descriptors that are none of ours: the directory's */
    unsigned count;
};

static inline bool power_cut_fails(struct power_cut *p, const char *call)
{
    size_t used = strlen(p->trace);
    (void)snprintf(p->trace + used, sizeof(p->trace) - used, "%s ", call);
    p->calls++;
    errno = p->error;
    return p->calls >= p->fail_from && p->calls < p->fail_until;
}

static inline struct power_cut_file *power_cut_find(struct power_cut *p, int fd)
{
    unsigned i = 0;
    while (i < p->count && p->files[i].fd != fd) {
        i++;
    }
    return &p->files[i < p->count ? i : POWER_CUT_FILES];
}

static inline int power_cut_open_directory(void *context, const char *path)
{
    struct power_cut *p = context;
    return power_cut_fails(p, "open") ? -1 : (p->directory = p->real->open_directory(NULL, path));
}

static inline int power_cut_create(void *context, int directory, const char *name)
{
    struct power_cut *p = context;
    int fd = power_cut_fails(p, "create") ? -1 : p->real->create(NULL, directory, name);
    if (fd >= 0) {
        assert_true(p->count < POWER_CUT_FILES);
        struct power_cut_file *file = &p->files[p->count++];
        *file = (struct power_cut_file){.fd = fd};
        (void)snprintf(file->name, sizeof(file->name), "%s", name);
    }
    return fd;
}

static inline int power_cut_lock(void *context, int fd)
{
    struct power_cut *p = context;
    return power_cut_fails(p, "lock") ? -1 : p->real->lock(NULL, fd);
}

static inline ssize_t power_cut_write(void *context, int fd, const void *data, size_t length)
{
    struct power_cut *p = context;
    assert_false(power_cut_find(p, fd)->doomed); /* never written again after a failed sync */
    if (!power_cut_fails(p, "write")) {
        return p->real->write(NULL, fd, data, length);
    }
    ssize_t written = p->write_style == WRITE_NOTHING ? -1 : p->real->write(NULL, fd, data, length / 2);
    errno = p->error;
    return p->write_style == WRITE_HALF ? written : -1;
}

/* What a cut leaves is on stable storage as far as it was before: a writer may never cut below that. */
static inline int power_cut_cut(void *context, int fd, uint64_t length)
{
    struct power_cut *p = context;
    assert_true((off_t)length >= power_cut_find(p, fd)->synced);
    return power_cut_fails(p, "cut") ? -1 : p->real->cut(NULL, fd, length);
}

static inline int power_cut_sync_file(struct power_cut *p, int fd, bool fails)
{
    struct power_cut_file *file = power_cut_find(p, fd);
    struct stat facts;
    assert_int_equal(fstat(fd, &facts), 0);
    file->doomed = file->doomed || fails;
    if (!file->doomed) {
        file->synced = facts.st_size;
    }
    return fails ? -1 : 0;
}

static inline int power_cut_sync(void *context, int fd)
{
    struct power_cut *p = context;
    bool fails = power_cut_fails(p, fd == p->directory ? "fsync-directory" : "fsync");
    if (fd != p->directory) {
        return power_cut_sync_file(p, fd, fails);
    }
    for (unsigned i = 0; i < p->count && !fails; i++) {
        p->files[i].named = true;
    }
    return fails ? -1 : 0;
}

static inline int power_cut_sync_data(void *context, int fd)
{
    struct power_cut *p = context;
    return power_cut_sync_file(p, fd, power_cut_fails(p, "fdatasync"));
}

static inline int power_cut_rename(void *context, int directory, const char *from, const char *to)
{
    struct power_cut *p = context;
    if (power_cut_fails(p, "rename") || p->real->rename(NULL, directory, from, to) != 0) {
        return -1;
    }
    for (unsigned i = 0; i < p->count; i++) {
        if (strcmp(p->files[i].name, from) == 0) {
            (void)snprintf(p->files[i].name, sizeof(p->files[i].name), "%s", to);
            p->files[i].named = false;
        }
    }
    return 0;
}

static inline int power_cut_remove(void *context, int directory, const char *name)
{
    struct power_cut *p = context;
    if (power_cut_fails(p, "remove") || p->real->remove(NULL, directory, name) != 0) {
        return -1;
    }
    for (unsigned i = 0; i < p->count; i++) {
        p->files[i].gone = p->files[i].gone || strcmp(p->files[i].name, name) == 0;
    }
    return 0;
}

/* As Linux: the descriptor is gone whatever close says. */
static inline int power_cut_close(void *context, int fd)
{
    struct power_cut *p = context;
    bool fails = power_cut_fails(p, "close");
    power_cut_find(p, fd)->fd = -1;
    return p->real->close(NULL, fd) != 0 || fails ? -1 : 0;
}

static inline int power_cut_usage(void *context, const char *path, uint64_t *bytes)
{
    struct power_cut *p = context;
    return power_cut_fails(p, "usage") ? -1 : p->real->usage(NULL, path, bytes);
}

static inline struct journal_disk power_cut_disk(struct power_cut *p)
{
    *p = (struct power_cut){.real = journal_disk_real(), .directory = -1, .error = EIO};
    return (struct journal_disk){
        .context = p,
        .open_directory = power_cut_open_directory,
        .create = power_cut_create,
        .lock = power_cut_lock,
        .write = power_cut_write,
        .cut = power_cut_cut,
        .sync = power_cut_sync,
        .sync_data = power_cut_sync_data,
        .rename = power_cut_rename,
        .remove = power_cut_remove,
        .close = power_cut_close,
        .usage = power_cut_usage,
    };
}

/* Leaves of each file what is sure to be there; with `torn`, half of the rest as well. */
static inline void power_cut_now(struct power_cut *p, const struct scratch *s, bool torn)
{
    for (unsigned i = 0; i < p->count; i++) {
        const struct power_cut_file *file = &p->files[i];
        struct stat facts;
        if (file->gone || stat(scratch_path(s, file->name), &facts) != 0) {
            continue;
        }
        off_t kept = torn ? file->synced + (facts.st_size - file->synced) / 2 : file->synced;
        if (file->named) {
            assert_int_equal(truncate(scratch_path(s, file->name), kept), 0);
        } else {
            assert_int_equal(unlink(scratch_path(s, file->name)), 0);
        }
    }
}

#endif
