/* SPDX-License-Identifier: Apache-2.0
 * Two lists under one mutex: what waits for a thread, and what waits for the loop, which an eventfd wakes.
 *
 *   waiting --a thread takes it--> (running) --checked--> finished --the loop takes it--> told and freed
 */
#include "desk/password_pool.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/log.h"

/* Of 32 random bytes that nobody kept, with the cost that `muster staff` gives passwords. */
static const struct slice nobodys_hash =
    SLICE_INIT("$argon2id$v=19$m=65536,t=3,p=1$PK7TcI/wfN6uru/O0XcOnw$x/Ar+jmfrKpRfb7DwKkrf/Hi6zDI0XQ9y55ZN7iWVrQ");

enum { PASSES = 3 }; /* as `muster staff` has it: RFC 9106 where memory is scarce */

struct password_job {
    struct password_job *next;
    password_done *done; /* NULL: cancelled. The loop's alone */
    void *context;
    size_t password_length;
    char hash[crypto_pwhash_STRBYTES];
    char password[PASSWORD_MAX];
    bool makes; /* the hash, instead of checking against it */
    bool right;
};

struct job_list {
    struct password_job *first, *last;
};

struct password_pool {
    pthread_mutex_t mutex; /* over `waiting`, `finished`, `stopping` */
    pthread_cond_t work;
    struct job_list waiting;
    struct job_list finished;
    bool stopping;
    /* the loop's alone */
    unsigned jobs; /* not yet told */
    unsigned threads;
    pthread_t thread[PASSWORD_THREADS];
    int wake_fd;
    struct event *on_wake;
};

static void list_add(struct job_list *list, struct password_job *job)
{
    job->next = NULL;
    if (list->last != NULL) {
        list->last->next = job;
    } else {
        list->first = job;
    }
    list->last = job;
}

static struct password_job *list_take(struct job_list *list)
{
    struct password_job *job = list->first;
    if (job != NULL) {
        list->first = job->next;
        list->last = list->first != NULL ? list->last : NULL;
    }
    return job;
}

static void job_free(struct password_job *job)
{
    if (job != NULL) {
        sodium_memzero(job, sizeof(*job));
        free(job);
    }
}

/* --- on a thread ------------------------------------------------------------------------------------------------------- */

static void finish(struct password_pool *pool, struct password_job *job)
{
    const uint64_t one = 1;
    (void)pthread_mutex_lock(&pool->mutex); /* of a mutex of ours: cannot fail */
    list_add(&pool->finished, job);
    (void)pthread_mutex_unlock(&pool->mutex);
    ssize_t written = write(pool->wake_fd, &one, sizeof(one));
    (void)written; /* an eventfd refuses only when its count is full, and then the loop is awake already */
}

static void *work(void *context)
{
    struct password_pool *pool = context;
    for (;;) {
        (void)pthread_mutex_lock(&pool->mutex);
        while (!pool->stopping && pool->waiting.first == NULL) {
            (void)pthread_cond_wait(&pool->work, &pool->mutex);
        }
        struct password_job *job = pool->stopping ? NULL : list_take(&pool->waiting);
        (void)pthread_mutex_unlock(&pool->mutex);
        if (job == NULL) {
            return NULL;
        }
        job->right = job->makes ? crypto_pwhash_str(job->hash, job->password, job->password_length, PASSES,
                                                    crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0
                                : crypto_pwhash_str_verify(job->hash, job->password, job->password_length) == 0;
        sodium_memzero(job->password, sizeof(job->password));
        finish(pool, job);
    }
}

/* --- on the loop -------------------------------------------------------------------------------------------------------- */

static void on_wake(evutil_socket_t fd, short events, void *context)
{
    struct password_pool *pool = context;
    uint64_t count = 0;
    (void)events;
    if (read(fd, &count, sizeof(count)) < 0) {
        return; /* EAGAIN: taken with an earlier wake */
    }
    (void)pthread_mutex_lock(&pool->mutex);
    struct job_list finished = pool->finished;
    pool->finished = (struct job_list){NULL, NULL};
    (void)pthread_mutex_unlock(&pool->mutex);
    for (struct password_job *job = list_take(&finished); job != NULL; job = list_take(&finished)) {
        pool->jobs--;
        if (job->done != NULL) {
            job->done(job->context, job->right);
        }
        job_free(job);
    }
}

/* Signals are the loop's: threads block them all. */
static bool start_threads(struct password_pool *pool)
{
    sigset_t all;
    sigset_t before;
    if (pool->threads == PASSWORD_THREADS) {
        return true;
    }
    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0) {
        return false;
    }
    while (pool->threads < PASSWORD_THREADS && pthread_create(&pool->thread[pool->threads], NULL, work, pool) == 0) {
        pool->threads++;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL); /* as it was: cannot fail */
    if (pool->threads < PASSWORD_THREADS) {
        log_event(LOG_WARNING, "password_pool.threads", log_integer("running", pool->threads));
    }
    return pool->threads > 0;
}

struct password_pool *password_pool_new(struct event_base *base, struct error *error)
{
    struct password_pool *pool = calloc(1, sizeof(*pool));
    if (pool == NULL) {
        (void)error_set(error, ERROR_NOMEM, "password_pool", "out of memory");
        return NULL;
    }
    (void)pthread_mutex_init(&pool->mutex, NULL); /* with default attributes these cannot fail on Linux */
    (void)pthread_cond_init(&pool->work, NULL);
    pool->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (pool->wake_fd >= 0) {
        pool->on_wake = event_new(base, pool->wake_fd, EV_READ | EV_PERSIST, on_wake, pool);
    }
    if (pool->on_wake == NULL || event_add(pool->on_wake, NULL) != 0) {
        (void)error_set_errno(error, "password_pool", "eventfd");
        password_pool_free(pool);
        return NULL;
    }
    return pool;
}

static void free_list(struct job_list *list)
{
    for (struct password_job *job = list_take(list); job != NULL; job = list_take(list)) {
        job_free(job);
    }
}

void password_pool_free(struct password_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&pool->mutex);
    pool->stopping = true;
    (void)pthread_cond_broadcast(&pool->work);
    (void)pthread_mutex_unlock(&pool->mutex);
    for (unsigned i = 0; i < pool->threads; i++) {
        (void)pthread_join(pool->thread[i], NULL); /* made by us and joined once */
    }
    free_list(&pool->waiting);
    free_list(&pool->finished);
    if (pool->on_wake != NULL) {
        event_free(pool->on_wake);
    }
    if (pool->wake_fd >= 0) {
        (void)close(pool->wake_fd); /* nothing to lose in it */
    }
    (void)pthread_cond_destroy(&pool->work);
    (void)pthread_mutex_destroy(&pool->mutex);
    free(pool);
}

static struct password_job *start(struct password_pool *pool, bool makes, struct slice hash, struct slice password,
                                  password_done *done, void *context)
{
    if (pool->jobs >= PASSWORD_QUEUE_MAX || password.length > PASSWORD_MAX || !start_threads(pool)) {
        return NULL;
    }
    struct password_job *job = calloc(1, sizeof(*job));
    if (job == NULL) {
        return NULL;
    }
    if (!makes && (hash.length == 0 || hash.length >= sizeof(job->hash))) {
        hash = nobodys_hash;
    }
    if (hash.length > 0) {
        memcpy(job->hash, hash.data, hash.length);
    }
    job->makes = makes;
    if (password.length > 0) {
        memcpy(job->password, password.data, password.length);
    }
    job->password_length = password.length;
    job->done = done;
    job->context = context;
    pool->jobs++;
    (void)pthread_mutex_lock(&pool->mutex);
    list_add(&pool->waiting, job);
    (void)pthread_cond_signal(&pool->work);
    (void)pthread_mutex_unlock(&pool->mutex);
    return job;
}

struct password_job *password_pool_check(struct password_pool *pool, struct slice hash, struct slice password,
                                         password_done *done, void *context)
{
    return start(pool, false, hash, password, done, context);
}

struct password_job *password_pool_make(struct password_pool *pool, struct slice password, password_done *done,
                                        void *context)
{
    return start(pool, true, SLICE(""), password, done, context);
}

struct slice password_job_hash(const struct password_job *job)
{
    return slice_of(job->hash);
}

void password_job_cancel(struct password_job *job)
{
    job->done = NULL;
}
