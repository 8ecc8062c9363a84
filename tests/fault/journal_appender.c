/* SPDX-License-Identifier: Apache-2.0
 * The journal's writer without a service around it, for cutting the power under it, and its reader for seeing what is left.
 *
 *   journal_appender append FOLDER FIRST SEED   appends entries FIRST, FIRST + 1, ... with a few waiting at a time, and prints the
 *                                               number of each that is durable; ends when the disk fails
 *   journal_appender read FOLDER                prints the number of each entry found, having seen that its bytes are its own */
#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/slice.h"
#include "journal/journal.h"

enum { WAITING_MAX = 24, LENGTH_MAX = 3000, SEGMENT_MAX = 48 * 1024, SEGMENTS_READ = 1024, NUMBER_SIZE = 8, KIND = 2 };

struct appender {
    struct event_base *base;
    struct journal_writer *writer;
    struct event *again;
    uint64_t next, chance;
    unsigned waiting;
    bool failed;
};

struct told {
    struct appender *appender;
    uint64_t number;
};

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t state)
{
    uint64_t z = state + UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static unsigned below(struct appender *a, unsigned limit)
{
    a->chance = mix(a->chance);
    return (unsigned)(a->chance % limit);
}

/* The number, then bytes that follow from it, of a length that does too. */
static size_t fill(char *payload, uint64_t number)
{
    size_t length = NUMBER_SIZE + (size_t)(mix(number) % LENGTH_MAX);
    memcpy(payload, &number, NUMBER_SIZE);
    for (size_t i = NUMBER_SIZE; i < length; i++) {
        payload[i] = (char)(mix(number + i / 8) >> 8 * (i % 8));
    }
    return length;
}

static void on_done(void *context, bool durable)
{
    struct told *told = context;
    struct appender *a = told->appender;
    a->waiting--;
    if (durable) {
        printf("%" PRIu64 "\n", told->number);
    } else {
        a->failed = true;
    }
    free(told);
}

static void append_one(struct appender *a)
{
    char payload[NUMBER_SIZE + LENGTH_MAX];
    struct told *told = malloc(sizeof(*told));
    size_t length = fill(payload, a->next);
    if (told == NULL) {
        a->failed = true;
        return;
    }
    *told = (struct told){a, a->next++};
    a->waiting++;
    if (!journal_append(a->writer, KIND, slice_make(payload, length), on_done, told)) {
        a->waiting--;
        a->failed = true;
        free(told);
    }
}

static void on_turn(evutil_socket_t fd, short events, void *context)
{
    static const struct timeval now = {0, 0};
    struct appender *a = context;
    (void)fd;
    (void)events;
    if (fflush(stdout) != 0 || a->failed) {
        (void)event_base_loopbreak(a->base);
        return;
    }
    if (below(a, 50) == 0) {
        journal_rotate(a->writer);
    }
    for (unsigned more = below(a, WAITING_MAX); a->waiting <= more && !a->failed;) {
        append_one(a);
    }
    a->failed = a->failed || evtimer_add(a->again, &now) != 0;
}

static int append(const char *folder, uint64_t first, uint64_t seed)
{
    static const struct timeval now = {0, 0};
    struct error error = {.code = ERROR_NONE};
    struct appender a = {.base = event_base_new(), .next = first, .chance = seed};
    struct journal_writer_config config = {
        .base = a.base, .directory = folder, .name = "edge-0", .segment_max = SEGMENT_MAX};
    a.writer = a.base != NULL ? journal_writer_new(&config, &error) : NULL;
    a.again = a.base != NULL ? evtimer_new(a.base, on_turn, &a) : NULL;
    if (a.writer == NULL || a.again == NULL || evtimer_add(a.again, &now) != 0) {
        (void)fprintf(stderr, "journal_appender: %s\n", error.detail);
    } else {
        (void)event_base_dispatch(a.base);
    }
    journal_writer_free(a.writer);
    if (a.again != NULL) {
        event_free(a.again);
    }
    if (a.base != NULL) {
        event_base_free(a.base);
    }
    return 0;
}

static bool read_segment(const char *path)
{
    struct error error = {.code = ERROR_NONE};
    struct journal_reader *reader = journal_reader_open(path, &error);
    struct journal_entry entry;
    bool right = true;
    while (reader != NULL && right && journal_reader_next(reader, &entry)) {
        char payload[NUMBER_SIZE + LENGTH_MAX];
        uint64_t number = 0;
        right = entry.payload.length >= NUMBER_SIZE;
        if (right) {
            memcpy(&number, entry.payload.data, NUMBER_SIZE);
            right = slice_equal(entry.payload, slice_make(payload, fill(payload, number))) && entry.kind == KIND;
            printf("%" PRIu64 "\n", number);
        }
    }
    if (reader == NULL) {
        (void)fprintf(stderr, "journal_appender: %s: %s\n", path, error.detail);
    }
    journal_reader_free(reader);
    return right;
}

static int read_all(const char *folder)
{
    static char names[SEGMENTS_READ][128];
    struct journal_summary summary;
    struct error error = {.code = ERROR_NONE};
    bool right = journal_list(folder, names, SEGMENTS_READ, &summary, &error) && summary.segments <= SEGMENTS_READ;
    for (unsigned i = 0; right && i < summary.segments; i++) {
        char path[4096];
        int length = snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        right = length > 0 && (size_t)length < sizeof(path) && read_segment(path);
    }
    if (!right) {
        (void)fprintf(stderr, "journal_appender: what it holds was never appended, or is too much %s\n", error.detail);
    }
    return right ? 0 : 1;
}

int main(int argc, char **argv)
{
    uint64_t first = 0, seed = 0;
    if (argc == 5 && strcmp(argv[1], "append") == 0 && slice_to_u64(slice_of(argv[3]), UINT64_MAX, &first) &&
        slice_to_u64(slice_of(argv[4]), UINT64_MAX, &seed)) {
        return append(argv[2], first, seed);
    }
    if (argc == 3 && strcmp(argv[1], "read") == 0) {
        return read_all(argv[2]);
    }
    (void)fprintf(stderr, "usage: journal_appender append FOLDER FIRST SEED\n       journal_appender read FOLDER\n");
    return 2;
}
