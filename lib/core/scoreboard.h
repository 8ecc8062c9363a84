/* SPDX-License-Identifier: Apache-2.0
 * What each process says of itself, in memory shared with its siblings: ready or why not, and its figures.
 *
 * One slot a process, written by it alone; readers copy it and try again when it changed under them (a sequence lock), so nobody
 * ever waits. */
#ifndef CORE_SCOREBOARD_H
#define CORE_SCOREBOARD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    SCOREBOARD_SLOTS = 96,
    SCOREBOARD_SAMPLES = 192,
    SCOREBOARD_NAME = 56,
    SCOREBOARD_LABELS = 56,
    SCOREBOARD_REASON = 96
};

struct metric_sample {
    char name[SCOREBOARD_NAME];     /* Prometheus name, "muster_requests_total" */
    char labels[SCOREBOARD_LABELS]; /* without braces, "class=\"help\""; role and instance are added by the reader */
    double value;
};

struct process_report {
    char role[16];
    unsigned instance;
    pid_t pid;
    int64_t beat_us; /* clock_monotonic of the last publication */
    bool ready;
    char reason[SCOREBOARD_REASON]; /* why not ready; also what is degraded while ready */
    unsigned sample_count;
    struct metric_sample samples[SCOREBOARD_SAMPLES];
};

struct scoreboard;

/* Shared with every process forked afterwards; NULL when memory is out. */
struct scoreboard *scoreboard_new(void);
void scoreboard_free(struct scoreboard *scoreboard);

/* Writes a whole slot. `slot` below SCOREBOARD_SLOTS; one writer a slot. */
void scoreboard_publish(struct scoreboard *scoreboard, unsigned slot, const struct process_report *report);
/* Empties a slot (its process is gone). By the supervisor only, after the process ended. */
void scoreboard_clear(struct scoreboard *scoreboard, unsigned slot);
/* Copies a slot; false when it is empty or its writer died in the middle of a write. */
bool scoreboard_read(const struct scoreboard *scoreboard, unsigned slot, struct process_report *report);

/* Adds a sample to a report being made; past SCOREBOARD_SAMPLES it is dropped. */
void process_report_add(struct process_report *report, const char *name, const char *labels, double value);

#endif
