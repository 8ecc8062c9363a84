/* SPDX-License-Identifier: Apache-2.0
 * One loop over signals: children that end are started again, later and later if they keep ending.
 *
 *   child:  WAITING --due--> RUNNING --ended--> WAITING
 *                               \--asked to stop, ended--> GONE
 */
#include "supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/id.h"
#include "core/log.h"

enum { CHILDREN_MAX = SCOREBOARD_SLOTS, STOP_SECONDS = 40 };
static const int64_t restart_first_us = 50000;
static const int64_t restart_longest_us = 5 * MICROSECONDS_A_SECOND;
static const int64_t lived_well_us = 10 * MICROSECONDS_A_SECOND;

enum child_state { CHILD_WAITING, CHILD_RUNNING, CHILD_GONE };

struct child {
    const struct role *role;
    unsigned instance;
    enum child_state state;
    pid_t pid;
    int64_t started_us; /* clock_monotonic, as the next two */
    int64_t due_us;
    int64_t delay_us; /* before the next start */
};

struct supervisor {
    struct role_start start; /* a template; slot and instance are each child's */
    struct child children[CHILDREN_MAX];
    unsigned count;
    sigset_t signals;
    sigset_t inherited; /* the mask musterd was started with: children get it back */
    bool stopping;
    int64_t stop_deadline_us;
};

static void run_child(struct supervisor *s, struct child *child, pid_t parent)
{
    struct role_start start = s->start;
    start.slot = (unsigned)(child - s->children);
    start.instance = child->instance;
    /* a killed supervisor must not leave roles behind that nobody restarts */
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent) {
        _exit(1);
    }
    if (sigprocmask(SIG_SETMASK, &s->inherited, NULL) != 0) {
        _exit(1);
    }
    log_identify(child->role->name, child->instance);
    exit(child->role->run(&start));
}

static void start_child(struct supervisor *s, struct child *child)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        run_child(s, child, parent);
    }
    child->started_us = clock_monotonic();
    if (pid < 0) {
        child->due_us = child->started_us + restart_longest_us;
        log_event(LOG_ERROR, "role.fork_failed", log_text("name", child->role->name),
                  log_text("error", strerror(errno)));
        return;
    }
    child->pid = pid;
    child->state = CHILD_RUNNING;
    log_event(LOG_INFO, "role.started", log_text("name", child->role->name), log_integer("number", child->instance),
              log_integer("child", pid));
}

static void child_ended(struct supervisor *s, struct child *child, int status)
{
    int64_t now = clock_monotonic();
    bool lived_well = now - child->started_us > lived_well_us;
    child->delay_us = lived_well || child->delay_us == 0 ? restart_first_us : child->delay_us * 2;
    child->delay_us = child->delay_us > restart_longest_us ? restart_longest_us : child->delay_us;
    child->due_us = now + child->delay_us;
    child->state = s->stopping ? CHILD_GONE : CHILD_WAITING;
    scoreboard_clear(s->start.scoreboard, (unsigned)(child - s->children));
    log_event(s->stopping && status == 0 ? LOG_INFO : LOG_ERROR, "role.ended", log_text("name", child->role->name),
              log_integer("number", child->instance), log_integer("child", child->pid),
              log_integer("status", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
              log_integer("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0));
}

static void reap(struct supervisor *s)
{
    int status = 0;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        for (unsigned i = 0; i < s->count; i++) {
            if (s->children[i].state == CHILD_RUNNING && s->children[i].pid == pid) {
                child_ended(s, &s->children[i], status);
            }
        }
    }
}

static void signal_children(struct supervisor *s, int signal_number)
{
    for (unsigned i = 0; i < s->count; i++) {
        if (s->children[i].state == CHILD_RUNNING) {
            (void)kill(s->children[i].pid, signal_number); /* gone already: reap will see it */
        }
    }
}

static void begin_stop(struct supervisor *s)
{
    if (s->stopping) {
        return;
    }
    s->stopping = true;
    s->stop_deadline_us = clock_monotonic() + STOP_SECONDS * MICROSECONDS_A_SECOND;
    log_note(LOG_INFO, "supervisor.stopping");
    for (unsigned i = 0; i < s->count; i++) {
        if (s->children[i].state == CHILD_WAITING) {
            s->children[i].state = CHILD_GONE;
        }
    }
    signal_children(s, SIGTERM);
}

/* Starts what is due; returns how long until the next thing to do. */
static int64_t start_due(struct supervisor *s)
{
    int64_t next = MICROSECONDS_A_SECOND;
    int64_t now = clock_monotonic();
    for (unsigned i = 0; i < s->count; i++) {
        struct child *child = &s->children[i];
        if (child->state == CHILD_WAITING && child->due_us <= now) {
            start_child(s, child);
        } else if (child->state == CHILD_WAITING && child->due_us - now < next) {
            next = child->due_us - now;
        }
    }
    return next;
}

static bool all_gone(const struct supervisor *s)
{
    for (unsigned i = 0; i < s->count; i++) {
        if (s->children[i].state != CHILD_GONE) {
            return false;
        }
    }
    return true;
}

static void handle_signal(struct supervisor *s, int signal_number)
{
    switch (signal_number) {
    case SIGTERM:
    case SIGINT:
        begin_stop(s);
        break;
    case SIGHUP:
        log_note(LOG_INFO, "supervisor.reload");
        signal_children(s, SIGHUP);
        break;
    default: /* SIGCHLD, or the time is up */
        break;
    }
    reap(s);
    if (s->stopping && clock_monotonic() > s->stop_deadline_us) {
        log_note(LOG_ERROR, "supervisor.kill_after_deadline");
        signal_children(s, SIGKILL);
    }
}

static void add_children(struct supervisor *s, const struct role roles[], unsigned role_count)
{
    for (unsigned r = 0; r < role_count; r++) {
        unsigned wanted = roles[r].count(s->start.configuration);
        for (unsigned i = 0; i < wanted && s->count < CHILDREN_MAX; i++) {
            s->children[s->count++] = (struct child){.role = &roles[r], .instance = i, .state = CHILD_WAITING};
        }
    }
}

int supervise(const struct configuration *configuration, const struct role roles[], unsigned role_count)
{
    struct supervisor s = {.start = {.configuration = configuration}};
    s.start.scoreboard = scoreboard_new();
    random_fill(s.start.ticket_secret, sizeof(s.start.ticket_secret));
    if (s.start.scoreboard == NULL || sigemptyset(&s.signals) != 0 || sigaddset(&s.signals, SIGCHLD) != 0 ||
        sigaddset(&s.signals, SIGTERM) != 0 || sigaddset(&s.signals, SIGINT) != 0 ||
        sigaddset(&s.signals, SIGHUP) != 0 || sigprocmask(SIG_BLOCK, &s.signals, &s.inherited) != 0) {
        log_note(LOG_ERROR, "supervisor.cannot_start");
        scoreboard_free(s.start.scoreboard);
        return 1;
    }
    add_children(&s, roles, role_count);
    while (!all_gone(&s)) {
        int64_t wait_us = start_due(&s);
        struct timespec wait = {wait_us / MICROSECONDS_A_SECOND, wait_us % MICROSECONDS_A_SECOND * 1000};
        handle_signal(&s, sigtimedwait(&s.signals, NULL, &wait));
    }
    log_note(LOG_INFO, "supervisor.stopped");
    scoreboard_free(s.start.scoreboard);
    return 0;
}
