/* SPDX-License-Identifier: Apache-2.0
 * setuid, Landlock (Documentation/userspace-api/landlock.rst) and seccomp, in that order. */
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/log.h"

static bool become(const char *user, struct error *error)
{
    if (geteuid() != 0) {
        return true;
    }
    const struct passwd *account = getpwnam(user);
    if (account == NULL || account->pw_uid == 0) {
        return error_set(
            error, ERROR_INVALID, "confine.user",
            "musterd does not serve as root: make a system user \"%s\", or name another with [musterd] user", user);
    }
    if (setgroups(0, NULL) != 0 || setresgid(account->pw_gid, account->pw_gid, account->pw_gid) != 0 ||
        setresuid(account->pw_uid, account->pw_uid, account->pw_uid) != 0) {
        return error_set_errno(error, "confine.user", "cannot become %s", user);
    }
    /* setresuid cleared the death signal */
    return prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 || error_set_errno(error, "confine.user", "prctl");
}

/* Keeps its siblings of the same user out of its memory (ptrace(2)), and keys out of core files. setresuid does it too, but not for
 * a musterd that was never root. Only sanitizers need to be let in. */
static bool close_memory(struct error *error)
{
#ifdef __SANITIZE_ADDRESS__
    enum { DUMPABLE = 1 };
#else
    enum { DUMPABLE = 0 };
#endif
    return prctl(PR_SET_DUMPABLE, DUMPABLE) == 0 || error_set_errno(error, "confine.memory", "prctl");
}

static const uint64_t landlock_read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t landlock_write = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                       LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_READ_FILE |
                                       LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t landlock_handled =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
    LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
    LANDLOCK_ACCESS_FS_MAKE_SYM;

/* A path that is not there is passed over: nothing below it can be reached either way. */
static bool allow_path(int ruleset, const char *path, uint64_t access, struct error *error)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = access};
    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0) {
        return errno == ENOENT || error_set_errno(error, "confine.files", "cannot open %s", path);
    }
    struct stat status;
    if (access == landlock_read && fstat(rule.parent_fd, &status) == 0 && !S_ISDIR(status.st_mode)) {
        rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE; /* a file takes no directory right */
    }
    long added = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    (void)close(rule.parent_fd);
    return added == 0 || error_set_errno(error, "confine.files", "cannot allow %s", path);
}

static bool confine_files(const struct confinement *confinement, struct error *error)
{
    /* what libraries read while running: names, time zones, certificates of authorities, character sets, the kernel's figures */
    static const char *const always[] = {"/etc",      "/usr/share",   "/usr/lib",
                                         "/lib",      "/proc",        "/sys/devices/system/cpu",
                                         "/dev/null", "/dev/urandom", NULL};
    struct landlock_ruleset_attr attributes = {.handled_access_fs = landlock_handled};
    long ruleset = syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
    if (ruleset < 0) {
        log_event(LOG_INFO, "confine.no_landlock", log_text("error", strerror(errno)));
        return true;
    }
    bool ok = true;
    for (size_t i = 0; ok && always[i] != NULL; i++) {
        ok = allow_path((int)ruleset, always[i], landlock_read, error);
    }
    for (size_t i = 0; ok && confinement->readable != NULL && confinement->readable[i] != NULL; i++) {
        ok = allow_path((int)ruleset, confinement->readable[i], landlock_read, error);
    }
    for (size_t i = 0; ok && confinement->writable != NULL && confinement->writable[i] != NULL; i++) {
        ok = allow_path((int)ruleset, confinement->writable[i], landlock_write, error);
    }
    if (ok && syscall(SYS_landlock_restrict_self, (int)ruleset, 0) != 0) {
        ok = error_set_errno(error, "confine.files", "landlock_restrict_self");
    }
    (void)close((int)ruleset);
    return ok;
}

/* A list of what a role never does: start programs, trace, mount, load, or change who it is. */
static bool confine_calls(struct error *error)
{
    static const int refused[] = {
        SCMP_SYS(execve),
        SCMP_SYS(execveat),
        SCMP_SYS(mount),
        SCMP_SYS(umount2),
        SCMP_SYS(pivot_root),
        SCMP_SYS(chroot),
        SCMP_SYS(unshare),
        SCMP_SYS(setns),
        SCMP_SYS(init_module),
        SCMP_SYS(finit_module),
        SCMP_SYS(delete_module),
        SCMP_SYS(kexec_load),
        SCMP_SYS(bpf),
        SCMP_SYS(perf_event_open),
        SCMP_SYS(userfaultfd),
        SCMP_SYS(add_key),
        SCMP_SYS(keyctl),
        SCMP_SYS(request_key),
        SCMP_SYS(setuid),
        SCMP_SYS(setresuid),
        SCMP_SYS(setgid),
        SCMP_SYS(setresgid),
        SCMP_SYS(setgroups),
        SCMP_SYS(swapon),
        SCMP_SYS(reboot),
        SCMP_SYS(iopl),
        SCMP_SYS(process_vm_readv),
        SCMP_SYS(process_vm_writev),
#ifndef __SANITIZE_ADDRESS__
        SCMP_SYS(ptrace), /* LeakSanitizer stops its own threads with it */
#endif
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int failed = filter == NULL ? -ENOMEM : 0;
    for (size_t i = 0; failed == 0 && i < sizeof(refused) / sizeof(refused[0]); i++) {
        failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
    }
    if (failed == 0) {
        failed = seccomp_load(filter);
    }
    if (filter != NULL) {
        seccomp_release(filter);
    }
    return failed == 0 || error_set(error, ERROR_IO, "confine.calls", "seccomp: %s", strerror(-failed));
}

bool confine(const struct confinement *confinement, struct error *error)
{
    if (!become(confinement->user, error) || !close_memory(error)) {
        return false;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return error_set_errno(error, "confine", "no_new_privs");
    }
    return confine_files(confinement, error) && confine_calls(error);
}
