/* SPDX-License-Identifier: Apache-2.0
 * Argon2id off the loop: a check, or a new hash, takes 100 to 500 ms of a core, so it runs on a few threads, the only ones of the system. */
#ifndef DESK_PASSWORD_POOL_H
#define DESK_PASSWORD_POOL_H

#include <event2/event.h>
#include <stdbool.h>

#include "core/error.h"
#include "core/slice.h"

enum { PASSWORD_THREADS = 2, PASSWORD_QUEUE_MAX = 64, PASSWORD_MAX = 1024 /* bytes */ };

struct password_pool;
struct password_job;

typedef void password_done(void *context, bool right);

/* Its threads start with the first check, so that they inherit the confinement of the process (seccomp and Landlock bind a thread and
 * those it makes later). */
struct password_pool *password_pool_new(struct event_base *base, struct error *error);
/* Waits for the checks that run; no `done` is called any more. */
void password_pool_free(struct password_pool *pool);

/* Checks a password against libsodium's string form of its hash; against a hash that nothing fits, at the same cost, when `hash` is
 * empty or too long. Copies both. `done` runs once, on the loop, never before this returns. NULL when PASSWORD_QUEUE_MAX are waiting or
 * running, the password is longer than PASSWORD_MAX, or memory is out. */
struct password_job *password_pool_check(struct password_pool *pool, struct slice hash, struct slice password,
                                         password_done *done, void *context);
/* Makes the hash of a password, at the cost that checking takes; `done` is told whether it could, and reads it from the job then. */
struct password_job *password_pool_make(struct password_pool *pool, struct slice password, password_done *done,
                                        void *context);
/* During `done` only. */
struct slice password_job_hash(const struct password_job *job);
/* `done` will not run. */
void password_job_cancel(struct password_job *job);

#endif
