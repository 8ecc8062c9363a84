/* SPDX-License-Identifier: Apache-2.0
 * A shared anonymous mapping with a sequence lock a slot. */
#include "core/scoreboard.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "core/slice.h"

enum { READ_TRIES = 64 };

struct slot {
    atomic_uint sequence; /* odd while being written */
    struct process_report report;
};

struct scoreboard {
    struct slot slots[SCOREBOARD_SLOTS];
};

struct scoreboard *scoreboard_new(void)
{
    void *memory = mmap(NULL, sizeof(struct scoreboard), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory; /* the kernel hands it out zeroed */
}

void scoreboard_free(struct scoreboard *scoreboard)
{
    if (scoreboard != NULL) {
        (void)munmap(scoreboard, sizeof(*scoreboard));
    }
}

void scoreboard_publish(struct scoreboard *scoreboard, unsigned slot, const struct process_report *report)
{
    struct slot *place = &scoreboard->slots[slot];
    unsigned sequence = atomic_load_explicit(&place->sequence, memory_order_relaxed) | 1U;
    atomic_store_explicit(&place->sequence, sequence, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    size_t samples = report->sample_count <= SCOREBOARD_SAMPLES ? report->sample_count : SCOREBOARD_SAMPLES;
    memcpy(&place->report, report, offsetof(struct process_report, samples) + samples * sizeof(report->samples[0]));
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&place->sequence, sequence + 1, memory_order_release);
}

void scoreboard_clear(struct scoreboard *scoreboard, unsigned slot)
{
    struct process_report empty = {.role = ""};
    scoreboard_publish(scoreboard, slot, &empty);
}

bool scoreboard_read(const struct scoreboard *scoreboard, unsigned slot, struct process_report *report)
{
    const struct slot *place = &scoreboard->slots[slot];
    for (unsigned i = 0; i < READ_TRIES; i++) {
        unsigned before = atomic_load_explicit(&place->sequence, memory_order_acquire);
        if ((before & 1U) != 0) {
            continue;
        }
        memcpy(report, &place->report, sizeof(*report));
        atomic_thread_fence(memory_order_acquire);
        if (atomic_load_explicit(&place->sequence, memory_order_relaxed) == before) {
            return report->role[0] != '\0' && report->sample_count <= SCOREBOARD_SAMPLES;
        }
    }
    return false;
}

void process_report_add(struct process_report *report, const char *name, const char *labels, double value)
{
    if (report->sample_count >= SCOREBOARD_SAMPLES) {
        return;
    }
    struct metric_sample *sample = &report->samples[report->sample_count++];
    (void)snprintf(sample->name, sizeof(sample->name), "%s", name);
    (void)snprintf(sample->labels, sizeof(sample->labels), "%s", labels);
    sample->value = value;
}
