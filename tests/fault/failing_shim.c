/* SPDX-License-Identifier: Apache-2.0
 * Preloaded into musterd: makes the Nth call of a kind fail, in the process and at the time that a test names.
 *
 * The test and every role share one page, named by FAILING_CONTROL and mapped before the roles confine themselves; it holds a few
 * plans (tests/fault/failing.py writes them). A call that a plan names is counted; from the plan's first on, as many as it says fail:
 * before anything was done, after all was done (so that its outcome is unknown), or with half of it done. What cannot fail by its
 * documentation (PQgetvalue, clock_gettime) or what would be another fault (PQisBusy) is left alone. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <execinfo.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <link.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <poll.h>
#include <unistd.h>

enum kind {
    KIND_DISK = 1,
    KIND_NET = 2,
    KIND_LOOP = 4,
    KIND_MEMORY = 8,
    KIND_LIBPQ = 16,
    KIND_OTHER = 32,
    KIND_TLS = 64
};
enum moment { MOMENT_BEFORE, MOMENT_AFTER, MOMENT_HALF };
enum { PLAN_COUNT = 4, NAME_SIZE = 32, EARLY_SIZE = 64 * 1024 };

/* As tests/fault/failing.py packs it. */
struct plan {
    atomic_int armed;
    int pid;
    unsigned kinds; /* which count; 0: all, of those that `only` names */
    unsigned moment;
    int error; /* errno; 0 for what the call most likely says */
    int unused;
    uint64_t first; /* the first that fails, counted from 1; 0: none, only count */
    uint64_t many;
    atomic_uint_fast64_t calls, failed;
    char only[NAME_SIZE];
    char name[NAME_SIZE]; /* of the first that failed */
};

static struct plan *plans; /* NULL: nothing ever fails */

static int note_library(struct dl_phdr_info *library, size_t size, void *context);

__attribute__((constructor)) static void map_control(void)
{
    const char *path = getenv("FAILING_CONTROL");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) {
        return;
    }
    void *page = mmap(NULL, PLAN_COUNT * sizeof(struct plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    plans = page != MAP_FAILED ? page : NULL;
    (void)dl_iterate_phdr(note_library, NULL);
}

/* ICU, under libphonenumber, writes through a null pointer when it gets no memory (libicui18n 72, RegexMatcher::init): that ends
 * the process, as a kill would. What these ask for is not counted. */
static const char *const breakable[] = {"/libicu", "/libphonenumber", "/libprotobuf", "/libstdc++", "/libabsl"};
enum { RANGES_MAX = 64 };
static struct {
    uintptr_t from, to;
} ranges[RANGES_MAX];
static size_t range_count;

static int note_library(struct dl_phdr_info *library, size_t size, void *context)
{
    (void)size;
    (void)context;
    for (size_t i = 0; i < sizeof(breakable) / sizeof(breakable[0]); i++) {
        for (size_t p = 0; strstr(library->dlpi_name, breakable[i]) != NULL && p < library->dlpi_phnum; p++) {
            const ElfW(Phdr) *part = &library->dlpi_phdr[p];
            if (part->p_type == PT_LOAD && (part->p_flags & PF_X) != 0 && range_count < RANGES_MAX) {
                ranges[range_count].from = library->dlpi_addr + part->p_vaddr;
                ranges[range_count++].to = library->dlpi_addr + part->p_vaddr + part->p_memsz;
            }
        }
    }
    return 0;
}

static bool would_break(const void *caller)
{
    for (size_t i = 0; plans != NULL && i < range_count; i++) {
        if ((uintptr_t)caller >= ranges[i].from && (uintptr_t)caller < ranges[i].to) {
            return true;
        }
    }
    return false;
}

/* With FAILING_TRACE set, who was refused, on standard error. */
static void trace(const struct plan *plan)
{
    enum { DEPTH = 24 };
    static bool tracing; /* it asks for memory itself */
    void *frames[DEPTH];
    if (!tracing && getenv("FAILING_TRACE") != NULL) {
        tracing = true;
        backtrace_symbols_fd(frames, backtrace(frames, DEPTH), STDERR_FILENO);
        (void)dprintf(STDERR_FILENO, "FAILED call %llu, %s\n", (unsigned long long)plan->first, plan->name);
        tracing = false;
    }
}

/* The plan by which this call must fail; NULL for none. errno is set. */
static const struct plan *due(enum kind kind, const char *name, int error)
{
    for (struct plan *plan = plans; plan != NULL && plan < plans + PLAN_COUNT; plan++) {
        if (atomic_load(&plan->armed) == 0 || plan->pid != getpid()) {
            continue;
        }
        if ((plan->only[0] != '\0' && strcmp(plan->only, name) != 0) ||
            (plan->kinds != 0 && (plan->kinds & (unsigned)kind) == 0)) {
            continue;
        }
        uint64_t call = atomic_fetch_add(&plan->calls, 1) + 1;
        if (plan->first != 0 && call >= plan->first && call - plan->first < plan->many) {
            if (atomic_fetch_add(&plan->failed, 1) == 0) {
                memcpy(plan->name, name, strnlen(name, NAME_SIZE - 1));
                trace(plan);
            }
            errno = plan->error != 0 ? plan->error : error;
            return plan;
        }
    }
    return NULL;
}

/* Regular files and directories are the disk's; all else talks to somebody. The log is neither. */
static enum kind kind_of(int fd)
{
    struct stat facts;
    if (plans == NULL || fd <= STDERR_FILENO) {
        return KIND_OTHER;
    }
    int before = errno;
    long found = syscall(SYS_fstat, fd, &facts);
    errno = before;
    return found == 0 && (S_ISREG(facts.st_mode) || S_ISDIR(facts.st_mode)) ? KIND_DISK : KIND_NET;
}

#define NEXT(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

/* A call that fails without having done anything. */
#define FAIL_BEFORE(type, name, parameters, arguments, kind, failure, error)                                           \
    type name parameters                                                                                               \
    {                                                                                                                  \
        static __typeof__(&(name)) real;                                                                               \
        if (real == NULL) {                                                                                            \
            real = NEXT(name);                                                                                         \
        }                                                                                                              \
        return due(kind, #name, error) != NULL ? (failure) : real arguments;                                           \
    }

/* A call that may also fail when all is done: then nobody knows. */
#define FAIL_EITHER(type, name, parameters, arguments, kind, failure, error)                                           \
    type name parameters                                                                                               \
    {                                                                                                                  \
        static __typeof__(&(name)) real;                                                                               \
        if (real == NULL) {                                                                                            \
            real = NEXT(name);                                                                                         \
        }                                                                                                              \
        const struct plan *plan = due(kind, #name, error);                                                             \
        int why = errno;                                                                                               \
        if (plan == NULL) {                                                                                            \
            return real arguments;                                                                                     \
        }                                                                                                              \
        if (plan->moment != MOMENT_BEFORE) {                                                                           \
            (void)real arguments;                                                                                      \
        }                                                                                                              \
        errno = why;                                                                                                   \
        return (failure);                                                                                              \
    }

/* A write, of which half may be done. */
#define FAIL_WRITE(name, parameters, arguments, half, kind, error)                                                     \
    ssize_t name parameters                                                                                            \
    {                                                                                                                  \
        static __typeof__(&(name)) real;                                                                               \
        if (real == NULL) {                                                                                            \
            real = NEXT(name);                                                                                         \
        }                                                                                                              \
        const struct plan *plan = due(kind, #name, error);                                                             \
        int why = errno;                                                                                               \
        if (plan == NULL || plan->moment == MOMENT_HALF) {                                                             \
            return plan == NULL ? real arguments : real half;                                                          \
        }                                                                                                              \
        if (plan->moment == MOMENT_AFTER) {                                                                            \
            (void)real arguments;                                                                                      \
        }                                                                                                              \
        errno = why;                                                                                                   \
        return -1;                                                                                                     \
    }

/* --- the disk ---------------------------------------------------------------------------------------------------------- */
FAIL_EITHER(int, fsync, (int fd), (fd), KIND_DISK, -1, EIO)
FAIL_EITHER(int, fdatasync, (int fd), (fd), KIND_DISK, -1, EIO)
FAIL_EITHER(int, ftruncate, (int fd, off_t size), (fd, size), KIND_DISK, -1, EIO)
FAIL_EITHER(int, rename, (const char *from, const char *to), (from, to), KIND_DISK, -1, EIO)
FAIL_EITHER(int, renameat2, (int from, const char *old, int to, const char *name, unsigned flags),
            (from, old, to, name, flags), KIND_DISK, -1, ENOSPC)
FAIL_EITHER(int, unlink, (const char *path), (path), KIND_DISK, -1, EIO)
FAIL_EITHER(int, unlinkat, (int directory, const char *path, int flags), (directory, path, flags), KIND_DISK, -1, EIO)
FAIL_BEFORE(int, flock, (int fd, int how), (fd, how), KIND_DISK, -1, ENOLCK)
FAIL_BEFORE(int, fstat, (int fd, struct stat *facts), (fd, facts), kind_of(fd), -1, EIO)
FAIL_BEFORE(int, fstatat, (int directory, const char *path, struct stat *facts, int flags),
            (directory, path, facts, flags), KIND_DISK, -1, EIO)
FAIL_BEFORE(DIR *, opendir, (const char *path), (path), KIND_DISK, NULL, EMFILE)
FAIL_BEFORE(struct dirent *, readdir, (DIR * stream), (stream), KIND_DISK, NULL, EIO)
FAIL_BEFORE(ssize_t, pread, (int fd, void *data, size_t size, off_t at), (fd, data, size, at), KIND_DISK, -1, EIO)

#define OPEN(name, parameters, before, fd_arguments)                                                                   \
    int name parameters                                                                                                \
    {                                                                                                                  \
        static __typeof__(&(name)) real;                                                                               \
        mode_t mode = 0;                                                                                               \
        va_list more;                                                                                                  \
        if (real == NULL) {                                                                                            \
            real = NEXT(name);                                                                                         \
        }                                                                                                              \
        if ((flags & O_CREAT) != 0) {                                                                                  \
            va_start(more, flags);                                                                                     \
            mode = va_arg(more, mode_t);                                                                               \
            va_end(more);                                                                                              \
        }                                                                                                              \
        return due(KIND_DISK, #name, EMFILE) != NULL ? -1 : real fd_arguments;                                         \
    }
OPEN(open, (const char *path, int flags, ...), path, (path, flags, mode))
OPEN(openat, (int directory, const char *path, int flags, ...), path, (directory, path, flags, mode))

/* --- files and sockets ------------------------------------------------------------------------------------------------- */
FAIL_WRITE(write, (int fd, const void *data, size_t size), (fd, data, size), (fd, data, (size + 1) / 2), kind_of(fd),
           kind_of(fd) == KIND_DISK ? ENOSPC : ECONNRESET)
FAIL_WRITE(pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at),
           (fd, data, (size + 1) / 2, at), kind_of(fd), ENOSPC)
FAIL_WRITE(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), (fd, parts, (count + 1) / 2),
           kind_of(fd), kind_of(fd) == KIND_DISK ? ENOSPC : ECONNRESET)
FAIL_WRITE(send, (int fd, const void *data, size_t size, int flags), (fd, data, size, flags),
           (fd, data, (size + 1) / 2, flags), KIND_NET, ECONNRESET)
FAIL_BEFORE(ssize_t, read, (int fd, void *data, size_t size), (fd, data, size), kind_of(fd), -1,
            kind_of(fd) == KIND_DISK ? EIO : ECONNRESET)
FAIL_BEFORE(ssize_t, readv, (int fd, const struct iovec *parts, int count), (fd, parts, count), kind_of(fd), -1,
            ECONNRESET)
FAIL_BEFORE(ssize_t, recv, (int fd, void *data, size_t size, int flags), (fd, data, size, flags), KIND_NET, -1,
            ECONNRESET)
FAIL_BEFORE(int, socket, (int family, int type, int protocol), (family, type, protocol), KIND_NET, -1, EMFILE)
FAIL_BEFORE(int, accept4, (int fd, struct sockaddr *peer, socklen_t *length, int flags), (fd, peer, length, flags),
            KIND_NET, -1, EMFILE)
FAIL_BEFORE(int, setsockopt, (int fd, int level, int option, const void *value, socklen_t length),
            (fd, level, option, value, length), KIND_NET, -1, ENOBUFS)
FAIL_BEFORE(int, getsockopt, (int fd, int level, int option, void *value, socklen_t *length),
            (fd, level, option, value, length), KIND_NET, -1, ENOBUFS)
FAIL_BEFORE(int, getsockname, (int fd, struct sockaddr *name, socklen_t *length), (fd, name, length), KIND_NET, -1,
            ENOBUFS)
FAIL_EITHER(int, connect, (int fd, const struct sockaddr *peer, socklen_t length), (fd, peer, length), KIND_NET, -1,
            ECONNREFUSED)
FAIL_EITHER(int, shutdown, (int fd, int how), (fd, how), KIND_NET, -1, ENOTCONN)
FAIL_BEFORE(int, poll, (struct pollfd * fds, nfds_t count, int wait_ms), (fds, count, wait_ms), KIND_NET, -1, EINTR)

/* Linux has closed the descriptor whatever it says. */
int close(int fd)
{
    static __typeof__(&(close)) real;
    if (real == NULL) {
        real = NEXT(close);
    }
    const struct plan *plan = due(kind_of(fd), "close", EIO);
    int why = errno;
    int closed = real(fd);
    errno = plan != NULL ? why : errno;
    return plan != NULL ? -1 : closed;
}

int fcntl(int fd, int command, ...)
{
    static int (*real)(int fd, int command, ...);
    va_list more;
    va_start(more, command);
    void *value = va_arg(more, void *);
    va_end(more);
    if (real == NULL) {
        real = NEXT(fcntl);
    }
    return due(KIND_NET, "fcntl", ENOMEM) != NULL ? -1 : real(fd, command, value);
}

/* --- the loop ---------------------------------------------------------------------------------------------------------- */
FAIL_BEFORE(int, epoll_ctl, (int loop, int what, int fd, struct epoll_event *event), (loop, what, fd, event), KIND_LOOP,
            -1, ENOMEM)
FAIL_BEFORE(int, epoll_wait, (int loop, struct epoll_event *events, int most, int wait_ms),
            (loop, events, most, wait_ms), KIND_LOOP, -1, EINTR)
FAIL_BEFORE(int, event_assign,
            (struct event * event, struct event_base *base, evutil_socket_t fd, short what, event_callback_fn done,
             void *context),
            (event, base, fd, what, done, context), KIND_LOOP, -1, ENOMEM)
FAIL_BEFORE(struct event *, event_new,
            (struct event_base * base, evutil_socket_t fd, short what, event_callback_fn done, void *context),
            (base, fd, what, done, context), KIND_LOOP, NULL, ENOMEM)
FAIL_BEFORE(int, event_add, (struct event * event, const struct timeval *wait), (event, wait), KIND_LOOP, -1, ENOMEM)

/* libevent forgets the event whatever the kernel says (2.1.12, event_del_nolock_). */
int event_del(struct event *event)
{
    static __typeof__(&(event_del)) real;
    if (real == NULL) {
        real = NEXT(event_del);
    }
    const struct plan *plan = due(KIND_LOOP, "event_del", ENOMEM);
    int deleted = real(event);
    return plan != NULL ? -1 : deleted;
}

FAIL_BEFORE(ssize_t, getrandom, (void *data, size_t size, unsigned flags), (data, size, flags), KIND_OTHER, -1, EINTR)

/* --- TLS: without a word in its error queue OpenSSL is taken to have lost the connection ------------------------------------ */
FAIL_BEFORE(SSL *, SSL_new, (SSL_CTX * context), (context), KIND_TLS, NULL, ENOMEM)
FAIL_BEFORE(int, SSL_set_fd, (SSL * tls, int fd), (tls, fd), KIND_TLS, 0, ENOMEM)
FAIL_EITHER(int, SSL_do_handshake, (SSL * tls), (tls), KIND_TLS, -1, ECONNRESET)
FAIL_EITHER(int, SSL_read_ex, (SSL * tls, void *data, size_t size, size_t *got), (tls, data, size, got), KIND_TLS, 0,
            ECONNRESET)
FAIL_EITHER(int, SSL_write_ex, (SSL * tls, const void *data, size_t size, size_t *put), (tls, data, size, put),
            KIND_TLS, 0, ECONNRESET)
FAIL_EITHER(int, SSL_shutdown, (SSL * tls), (tls), KIND_TLS, -1, ECONNRESET)
FAIL_BEFORE(int, RAND_bytes, (unsigned char *data, int size), (data, size), KIND_TLS, 0, 0)
FAIL_BEFORE(int, EVP_EncryptInit_ex2,
            (EVP_CIPHER_CTX * context, const EVP_CIPHER *cipher, const unsigned char *key, const unsigned char *iv,
             const OSSL_PARAM parameters[]),
            (context, cipher, key, iv, parameters), KIND_TLS, 0, 0)
FAIL_BEFORE(int, EVP_DecryptInit_ex2,
            (EVP_CIPHER_CTX * context, const EVP_CIPHER *cipher, const unsigned char *key, const unsigned char *iv,
             const OSSL_PARAM parameters[]),
            (context, cipher, key, iv, parameters), KIND_TLS, 0, 0)
FAIL_BEFORE(int, EVP_MAC_CTX_set_params, (EVP_MAC_CTX * context, const OSSL_PARAM parameters[]), (context, parameters),
            KIND_TLS, 0, 0)

/* --- libpq ------------------------------------------------------------------------------------------------------------- */
FAIL_BEFORE(PGconn *, PQconnectStart, (const char *conninfo), (conninfo), KIND_LIBPQ, NULL, ENOMEM)
FAIL_EITHER(PostgresPollingStatusType, PQconnectPoll, (PGconn * conn), (conn), KIND_LIBPQ, PGRES_POLLING_FAILED, 0)
FAIL_BEFORE(int, PQsocket, (const PGconn *conn), (conn), KIND_LIBPQ, -1, 0)
FAIL_BEFORE(ConnStatusType, PQstatus, (const PGconn *conn), (conn), KIND_LIBPQ, CONNECTION_BAD, 0)
FAIL_BEFORE(int, PQsetnonblocking, (PGconn * conn, int on), (conn, on), KIND_LIBPQ, -1, 0)
FAIL_BEFORE(int, PQenterPipelineMode, (PGconn * conn), (conn), KIND_LIBPQ, 0, 0)
FAIL_EITHER(int, PQsendPrepare, (PGconn * conn, const char *name, const char *text, int count, const Oid *types),
            (conn, name, text, count, types), KIND_LIBPQ, 0, 0)
FAIL_EITHER(int, PQsendQueryPrepared,
            (PGconn * conn, const char *name, int count, const char *const *values, const int *lengths,
             const int *formats, int format),
            (conn, name, count, values, lengths, formats, format), KIND_LIBPQ, 0, 0)
FAIL_EITHER(int, PQsendQueryParams,
            (PGconn * conn, const char *text, int count, const Oid *types, const char *const *values,
             const int *lengths, const int *formats, int format),
            (conn, text, count, types, values, lengths, formats, format), KIND_LIBPQ, 0, 0)
FAIL_EITHER(int, PQpipelineSync, (PGconn * conn), (conn), KIND_LIBPQ, 0, 0)
FAIL_EITHER(int, PQflush, (PGconn * conn), (conn), KIND_LIBPQ, -1, 0)
FAIL_EITHER(int, PQconsumeInput, (PGconn * conn), (conn), KIND_LIBPQ, 0, 0)
FAIL_BEFORE(char *, PQescapeIdentifier, (PGconn * conn, const char *text, size_t length), (conn, text, length),
            KIND_LIBPQ, NULL, ENOMEM)
FAIL_BEFORE(char *, PQresultErrorField, (const PGresult *result, int field), (result, field), KIND_LIBPQ, NULL, 0)
FAIL_BEFORE(PQconninfoOption *, PQconninfoParse, (const char *text, char **message), (text, message), KIND_LIBPQ, NULL,
            ENOMEM)

/* Without memory for a result libpq gives one that says so, in the place of what the server answered. */
PGresult *PQgetResult(PGconn *conn)
{
    static __typeof__(&(PQgetResult)) real;
    if (real == NULL) {
        real = NEXT(PQgetResult);
    }
    PGresult *result = real(conn);
    if (result == NULL || PQresultStatus(result) == PGRES_PIPELINE_SYNC || due(KIND_LIBPQ, "PQgetResult", 0) == NULL) {
        return result;
    }
    PQclear(result);
    return PQmakeEmptyPGresult(conn, PGRES_FATAL_ERROR);
}

/* --- memory ------------------------------------------------------------------------------------------------------------ */
/* dlsym itself may ask for memory, before there is anyone to ask: that comes from here and is never given back. */
static _Alignas(max_align_t) char early[EARLY_SIZE];
static size_t early_used;
static bool resolving;

static void *early_take(size_t size)
{
    size_t room = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (room > EARLY_SIZE - early_used) {
        return NULL;
    }
    early_used += room;
    return early + early_used - room;
}

static bool is_early(const void *memory)
{
    return (const char *)memory >= early && (const char *)memory < early + EARLY_SIZE;
}

static struct {
    __typeof__(&malloc) malloc;
    __typeof__(&calloc) calloc;
    __typeof__(&realloc) realloc;
    __typeof__(&free) free;
} real_memory;

/* False while it is being found out. */
static bool resolve_memory(void)
{
    if (real_memory.free != NULL || resolving) {
        return real_memory.free != NULL;
    }
    resolving = true;
    real_memory.malloc = NEXT(malloc);
    real_memory.calloc = NEXT(calloc);
    real_memory.realloc = NEXT(realloc);
    real_memory.free = NEXT(free);
    resolving = false;
    return true;
}

static bool refuses(const char *name, const void *caller)
{
    return plans != NULL && !would_break(caller) && due(KIND_MEMORY, name, ENOMEM) != NULL;
}

void *malloc(size_t size)
{
    if (!resolve_memory()) {
        return early_take(size);
    }
    return refuses("malloc", __builtin_return_address(0)) ? NULL : real_memory.malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (!resolve_memory()) {
        return count == 0 || size <= SIZE_MAX / count ? early_take(count * size) : NULL;
    }
    return refuses("calloc", __builtin_return_address(0)) ? NULL : real_memory.calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    if (!resolve_memory() || is_early(memory)) {
        void *copy = early_take(size);
        if (copy != NULL && memory != NULL) {
            memcpy(copy, memory, size < EARLY_SIZE - (size_t)((char *)memory - early) ? size : 0);
        }
        return copy;
    }
    return refuses("realloc", __builtin_return_address(0)) ? NULL : real_memory.realloc(memory, size);
}

void free(void *memory)
{
    if (is_early(memory) || !resolve_memory()) {
        return;
    }
    real_memory.free(memory);
}
