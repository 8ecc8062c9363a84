/* SPDX-License-Identifier: Apache-2.0
 * A file system whose power can be cut: what was not synced is then lost, by chance. cut/disk.h says what exactly.
 *
 *   cutfs FOLDER     mounts an empty file system there, until its standard input ends or SIGTERM comes.
 *
 * It answers lines on standard input with lines on standard output:
 *   sync          everything there is becomes durable               "synced"
 *   cut           the power is off: whatever is asked fails (EIO)   "off"
 *   after N       as cut, when N more changes or syncs are asked    "armed"
 *   state         which it is now                                   "on" or "off"
 *   room BYTES    files may hold no more than so many bytes more    "room"
 *   on SEED       the survivors, mounted anew                       "on WRITES LOST NAMES LOST": what had not been synced, and how
 *                                                                   much of that is gone
 * Before `on`, whoever uses the file system must be dead: it is unmounted under them.
 *
 * Not there, because nobody here needs it: renames and links from one directory to another (EXDEV), symbolic links, extended
 * attributes. Locks and sockets are the kernel's. */
#define FUSE_USE_VERSION 35
#include <errno.h>
#include <fuse_lowlevel.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/slice.h"
#include "cut/disk.h"

enum { COMMAND_MAX = 64, BLOCK = 4096 };
static const double for_ever =
    1e6; /* everything that changes is changed through the kernel: it may keep what it knows */

struct cutfs {
    struct disk *disk;
    const char *folder;
    bool off;
    uint64_t countdown; /* changes until it is off; 0: it is not armed */
    uint64_t size_max;  /* of all files together; past it writes are cut short, and then fail (ENOSPC) */
    struct fuse_session *session;
    struct fuse_buf buffer;
    char command[COMMAND_MAX];
    size_t command_length;
};

static volatile sig_atomic_t ending;

static struct cutfs *fs_of(fuse_req_t request)
{
    return fuse_req_userdata(request);
}

static struct node *node_of(fuse_req_t request, fuse_ino_t number)
{
    return number == FUSE_ROOT_ID ? disk_root(fs_of(request)->disk) : (struct node *)(uintptr_t)number;
}

/* True, and answered, when there is no power. */
static bool is_off(fuse_req_t request)
{
    bool off = fs_of(request)->off;
    if (off) {
        (void)fuse_reply_err(request, EIO);
    }
    return off;
}

/* The same before a change or a sync, each of which may be the one that no longer happens. */
static bool goes_off(fuse_req_t request)
{
    struct cutfs *fs = fs_of(request);
    if (fs->countdown > 0 && --fs->countdown == 0) {
        fs->off = true;
    }
    return is_off(request);
}

static void fill_stat(const struct node *node, struct stat *stat)
{
    bool directory = S_ISDIR(node->mode);
    *stat = (struct stat){.st_ino = node->number,
                          .st_mode = node->mode,
                          .st_nlink = directory ? 2 : 1,
                          .st_uid = node->uid,
                          .st_gid = node->gid,
                          .st_size = directory ? BLOCK : (off_t)node->now.size,
                          .st_blksize = BLOCK,
                          .st_atim = node->modified,
                          .st_mtim = node->modified,
                          .st_ctim = node->changed};
    stat->st_blocks = (stat->st_size + DISK_SECTOR - 1) / DISK_SECTOR;
}

static void reply_entry(fuse_req_t request, const struct node *node)
{
    struct fuse_entry_param entry = {.attr_timeout = for_ever, .entry_timeout = for_ever};
    if (node != NULL) {
        entry.ino = (fuse_ino_t)(uintptr_t)node;
        fill_stat(node, &entry.attr);
    }
    (void)fuse_reply_entry(request, &entry);
}

/* --- what there is ------------------------------------------------------------------------------------------------------- */

static void op_lookup(fuse_req_t request, fuse_ino_t parent, const char *name)
{
    if (!is_off(request)) {
        const struct entry *entry = disk_find(node_of(request, parent), name);
        reply_entry(request, entry != NULL ? entry->node : NULL); /* the kernel keeps in mind that there is none */
    }
}

static void op_getattr(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
    struct stat stat;
    (void)info;
    if (!is_off(request)) {
        fill_stat(node_of(request, number), &stat);
        (void)fuse_reply_attr(request, &stat, for_ever);
    }
}

static void op_read(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset, struct fuse_file_info *info)
{
    (void)info;
    if (!is_off(request)) {
        const struct node *file = node_of(request, number);
        struct slice all = slice_make(file->now.data, file->now.size);
        struct slice part = slice_sub(all, (size_t)offset, (size_t)offset + size);
        (void)fuse_reply_buf(request, part.data, part.length);
    }
}

static void op_readdir(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset, struct fuse_file_info *info)
{
    (void)info;
    if (is_off(request)) {
        return;
    }
    const struct node *directory = node_of(request, number);
    char *list = malloc(size);
    size_t used = 0;
    for (size_t i = 0; list != NULL && i < directory->names.count; i++) {
        const struct entry *entry = &directory->names.list[i];
        struct stat stat = {.st_ino = entry->node->number, .st_mode = entry->node->mode};
        if (entry->cookie > (uint64_t)offset) {
            size_t more =
                fuse_add_direntry(request, list + used, size - used, entry->name, &stat, (off_t)entry->cookie);
            if (more > size - used) {
                break;
            }
            used += more;
        }
    }
    (void)(list != NULL ? fuse_reply_buf(request, list, used) : fuse_reply_err(request, ENOMEM));
    free(list);
}

static void op_statfs(fuse_req_t request, fuse_ino_t number)
{
    enum { BLOCKS = 1 << 20 };
    struct statvfs stat = {.f_bsize = BLOCK,
                           .f_frsize = BLOCK,
                           .f_blocks = BLOCKS,
                           .f_bfree = BLOCKS,
                           .f_bavail = BLOCKS,
                           .f_files = BLOCKS,
                           .f_ffree = BLOCKS,
                           .f_favail = BLOCKS,
                           .f_namemax = DISK_NAME_MAX};
    (void)number;
    if (!is_off(request)) {
        (void)fuse_reply_statfs(request, &stat);
    }
}

/* --- changes ------------------------------------------------------------------------------------------------------------- */

static void make(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode)
{
    struct node *directory = node_of(request, parent);
    if (strlen(name) > DISK_NAME_MAX || disk_find(directory, name) != NULL) {
        (void)fuse_reply_err(request, strlen(name) > DISK_NAME_MAX ? ENAMETOOLONG : EEXIST);
    } else if (!goes_off(request)) {
        struct node *node = disk_make(fs_of(request)->disk, directory, name, mode);
        node->uid = fuse_req_ctx(request)->uid;
        node->gid = fuse_req_ctx(request)->gid;
        reply_entry(request, node);
    }
}

static void op_mknod(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode, dev_t device)
{
    (void)device;
    make(request, parent, name, mode);
}

static void op_mkdir(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode)
{
    make(request, parent, name, S_IFDIR | mode);
}

static void take_away(fuse_req_t request, fuse_ino_t parent, const char *name, bool directory)
{
    struct node *from = node_of(request, parent);
    const struct entry *entry = disk_find(from, name);
    if (entry == NULL || (directory && entry->node->names.count > 0)) {
        (void)fuse_reply_err(request, entry == NULL ? ENOENT : ENOTEMPTY);
    } else if (!goes_off(request)) {
        disk_unlink(fs_of(request)->disk, from, name);
        (void)fuse_reply_err(request, 0);
    }
}

static void op_unlink(fuse_req_t request, fuse_ino_t parent, const char *name)
{
    take_away(request, parent, name, false);
}

static void op_rmdir(fuse_req_t request, fuse_ino_t parent, const char *name)
{
    take_away(request, parent, name, true);
}

static int why_no_rename(struct node *directory, fuse_ino_t parent, const char *name, fuse_ino_t new_parent,
                         const char *new_name, unsigned flags)
{
    const struct entry *there = disk_find(directory, new_name);
    if (parent != new_parent) {
        return EXDEV;
    }
    if ((flags & ~(unsigned)RENAME_NOREPLACE) != 0 || strlen(new_name) > DISK_NAME_MAX) {
        return EINVAL;
    }
    if (there != NULL && flags != 0) {
        return EEXIST;
    }
    if (there != NULL && there->node->names.count > 0) {
        return ENOTEMPTY;
    }
    return disk_find(directory, name) == NULL ? ENOENT : 0;
}

static void op_rename(fuse_req_t request, fuse_ino_t parent, const char *name, fuse_ino_t new_parent,
                      const char *new_name, unsigned flags)
{
    struct node *directory = node_of(request, parent);
    int error = why_no_rename(directory, parent, name, new_parent, new_name, flags);
    if (error != 0) {
        (void)fuse_reply_err(request, error);
    } else if (!goes_off(request)) {
        disk_rename(fs_of(request)->disk, directory, name, new_name);
        (void)fuse_reply_err(request, 0);
    }
}

static void op_link(fuse_req_t request, fuse_ino_t number, fuse_ino_t parent, const char *name)
{
    struct node *node = node_of(request, number), *directory = node_of(request, parent);
    if (node->parent != directory || disk_find(directory, name) != NULL) {
        (void)fuse_reply_err(request, node->parent != directory ? EXDEV : EEXIST);
    } else if (!goes_off(request)) {
        disk_link(fs_of(request)->disk, directory, name, node);
        reply_entry(request, node);
    }
}

/* How much of a write there is room for. What only changes bytes that are there needs none. */
static size_t fitting(const struct cutfs *fs, const struct node *file, size_t size, size_t offset)
{
    if (fs->size_max == UINT64_MAX || offset + size <= file->now.size) {
        return size;
    }
    uint64_t used = disk_used(fs->disk);
    uint64_t end = file->now.size + (used < fs->size_max ? fs->size_max - used : 0);
    return end >= offset + size ? size : end > offset ? (size_t)end - offset : 0;
}

static void op_write(fuse_req_t request, fuse_ino_t number, const char *data, size_t size, off_t offset,
                     struct fuse_file_info *info)
{
    struct node *file = node_of(request, number);
    size_t fits = fitting(fs_of(request), file, size, (size_t)offset);
    (void)info;
    if (fits == 0 && size > 0 && !is_off(request)) {
        (void)fuse_reply_err(request, ENOSPC);
    } else if (fits > 0 && !goes_off(request)) {
        disk_write(file, (size_t)offset, data, fits);
        (void)fuse_reply_write(request, fits);
    }
}

static void op_setattr(fuse_req_t request, fuse_ino_t number, struct stat *wanted, int which,
                       struct fuse_file_info *info)
{
    struct node *node = node_of(request, number);
    (void)info;
    if (goes_off(request)) {
        return;
    }
    if ((which & FUSE_SET_ATTR_MODE) != 0) {
        node->mode = (node->mode & S_IFMT) | (wanted->st_mode & ~(mode_t)S_IFMT);
    }
    node->uid = (which & FUSE_SET_ATTR_UID) != 0 ? wanted->st_uid : node->uid;
    node->gid = (which & FUSE_SET_ATTR_GID) != 0 ? wanted->st_gid : node->gid;
    if ((which & FUSE_SET_ATTR_SIZE) != 0) {
        disk_truncate(node, (size_t)wanted->st_size);
    }
    (void)clock_gettime(CLOCK_REALTIME, &node->changed);
    if ((which & FUSE_SET_ATTR_MTIME) != 0) {
        node->modified = (which & FUSE_SET_ATTR_MTIME_NOW) != 0 ? node->changed : wanted->st_mtim;
    }
    struct stat stat;
    fill_stat(node, &stat);
    (void)fuse_reply_attr(request, &stat, for_ever);
}

static void op_fsync(fuse_req_t request, fuse_ino_t number, int only_data, struct fuse_file_info *info)
{
    struct node *node = node_of(request, number);
    (void)info;
    if (goes_off(request)) {
        return;
    }
    if (only_data != 0 && !S_ISDIR(node->mode)) {
        disk_sync_data(node);
    } else {
        disk_sync(fs_of(request)->disk, node);
    }
    (void)fuse_reply_err(request, 0);
}

/* No `open`: the kernel then opens by itself, and keeps what it read. No `flush`: nothing waits for a close. */
static const struct fuse_lowlevel_ops operations = {
    .lookup = op_lookup,
    .getattr = op_getattr,
    .setattr = op_setattr,
    .mknod = op_mknod,
    .mkdir = op_mkdir,
    .unlink = op_unlink,
    .rmdir = op_rmdir,
    .rename = op_rename,
    .link = op_link,
    .read = op_read,
    .write = op_write,
    .fsync = op_fsync,
    .fsyncdir = op_fsync,
    .readdir = op_readdir,
    .statfs = op_statfs,
};

/* --- the mount ----------------------------------------------------------------------------------------------------------- */

static void unmount(struct cutfs *fs)
{
    if (fs->session != NULL) {
        fuse_session_unmount(fs->session); /* lazily, when we are root */
        fuse_session_destroy(fs->session);
        fs->session = NULL;
    }
}

static bool mount_it(struct cutfs *fs)
{
    char name[] = "cutfs", option[] = "-o", options[] = "default_permissions,fsname=cutfs";
    char for_all[] = "default_permissions,fsname=cutfs,allow_other"; /* root mounts it for PostgreSQL's account */
    char *words[] = {name, option, geteuid() == 0 ? for_all : options};
    struct fuse_args arguments = FUSE_ARGS_INIT(3, words);
    fs->session = fuse_session_new(&arguments, &operations, sizeof(operations), fs);
    fuse_opt_free_args(&arguments);
    if (fs->session == NULL || fuse_session_mount(fs->session, fs->folder) != 0) {
        (void)fprintf(stderr, "cutfs: cannot mount on %s: needs /dev/fuse, and root or fusermount3 (Debian: fuse3)\n",
                      fs->folder);
        return false;
    }
    return true;
}

/* --- commands ------------------------------------------------------------------------------------------------------------ */

static bool come_back(struct cutfs *fs, uint64_t seed)
{
    struct disk_losses losses;
    unmount(fs);
    disk_crash(fs->disk, seed, &losses);
    fs->off = false;
    fs->countdown = 0;
    if (!mount_it(fs)) {
        return false;
    }
    printf("on %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", losses.writes, losses.writes_lost, losses.names,
           losses.names_lost);
    return true;
}

static bool obey(struct cutfs *fs, struct slice line)
{
    uint64_t number = 0;
    struct slice word = slice_sub(line, 0, slice_index(line, ' '));
    bool has_number = slice_to_u64(slice_sub(line, word.length + 1, line.length), UINT64_MAX, &number);
    if (slice_equal(word, SLICE("sync"))) {
        disk_sync_all(fs->disk);
        puts("synced");
    } else if (slice_equal(word, SLICE("cut"))) {
        fs->off = true;
        puts("off");
    } else if (slice_equal(word, SLICE("after")) && has_number) {
        fs->countdown = number;
        puts("armed");
    } else if (slice_equal(word, SLICE("room")) && has_number) {
        fs->size_max = number < UINT64_MAX - disk_used(fs->disk) ? disk_used(fs->disk) + number : UINT64_MAX;
        puts("room");
    } else if (slice_equal(word, SLICE("state"))) {
        puts(fs->off ? "off" : "on");
    } else if (slice_equal(word, SLICE("on")) && has_number && fs->off) {
        return come_back(fs, number);
    } else {
        (void)fprintf(stderr, "cutfs: what is \"%.*s\"?\n", SLICE_ARGS(line));
        return false;
    }
    return true;
}

/* False at the end of the commands. */
static bool read_commands(struct cutfs *fs)
{
    ssize_t got = read(STDIN_FILENO, fs->command + fs->command_length, COMMAND_MAX - fs->command_length);
    if (got <= 0) {
        return got < 0 && errno == EINTR;
    }
    fs->command_length += (size_t)got;
    struct slice line = slice_make(fs->command, fs->command_length);
    size_t end = slice_index(line, '\n');
    if (end == line.length) {
        return fs->command_length < COMMAND_MAX;
    }
    bool going_on = obey(fs, slice_sub(line, 0, end)) && fflush(stdout) == 0;
    fs->command_length = 0; /* one at a time: each is answered before the next is sent */
    return going_on;
}

static bool serve_request(struct cutfs *fs)
{
    int got = fuse_session_receive_buf(fs->session, &fs->buffer);
    if (got == -EINTR || got == -EAGAIN) {
        return true;
    }
    if (got <= 0) {
        (void)fprintf(stderr, "cutfs: %s\n", got == 0 ? "unmounted by somebody else" : strerror(-got));
        return false;
    }
    fuse_session_process_buf(fs->session, &fs->buffer);
    return true;
}

static void serve(struct cutfs *fs)
{
    while (ending == 0) {
        struct pollfd waits[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                                 {.fd = fuse_session_fd(fs->session), .events = POLLIN}};
        if (poll(waits, 2, -1) < 0) {
            continue; /* a signal */
        }
        if ((waits[0].revents != 0 && !read_commands(fs)) ||
            (waits[0].revents == 0 && waits[1].revents != 0 && !serve_request(fs))) {
            break;
        }
    }
}

static void on_stop(int number)
{
    (void)number;
    ending = 1;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: cutfs FOLDER\n");
        return 2;
    }
    enum { SOONER = -10 };
    struct sigaction stop = {.sa_handler = on_stop};
    struct cutfs fs = {.disk = disk_new(), .folder = argv[1], .size_max = UINT64_MAX};
    bool mounted = sigaction(SIGTERM, &stop, NULL) == 0 && sigaction(SIGINT, &stop, NULL) == 0 && mount_it(&fs);
    (void)setpriority(PRIO_PROCESS, 0, SOONER); /* a disk waits for no processor; when we may not, it is slow */
    if (mounted) {
        puts("on");
        mounted = fflush(stdout) == 0;
    }
    if (mounted) {
        serve(&fs);
    }
    unmount(&fs);
    free(fs.buffer.mem);
    disk_free(fs.disk);
    return mounted ? 0 : 1;
}
