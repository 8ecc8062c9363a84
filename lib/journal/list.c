/* SPDX-License-Identifier: Apache-2.0
 * What lies in a journal's directory. */
#include "journal/list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "journal/entry.h"
#include "journal/segment.h"

static bool is_segment_name(struct slice name)
{
    struct slice suffix = SLICE(JOURNAL_SUFFIX);
    return name.length < JOURNAL_NAME_SIZE && name.length > suffix.length &&
           slice_equal(slice_sub(name, name.length - suffix.length, name.length), suffix);
}

/* Keeps `names` sorted, and of too many the first by name. The name (with a NUL behind it) is shorter than JOURNAL_NAME_SIZE. */
static void keep_name(char (*names)[JOURNAL_NAME_SIZE], unsigned max, unsigned kept, struct slice name)
{
    unsigned at = kept < max ? kept : max;
    while (at > 0 && strcmp(names[at - 1], name.data) > 0) {
        at--;
    }
    if (at == max) {
        return;
    }
    unsigned moved = (kept < max ? kept : max - 1) - at;
    memmove(names[at + 1], names[at], moved * sizeof(names[0]));
    memcpy(names[at], name.data, name.length);
    names[at][name.length] = '\0';
}

/* False when the file is gone: a reader deleted it meanwhile. */
static bool measure(int directory, const char *name, struct journal_summary *summary)
{
    struct stat facts;
    if (fstatat(directory, name, &facts, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(facts.st_mode)) {
        return false;
    }
    int64_t modified = facts.st_mtim.tv_sec * MICROSECONDS_A_SECOND + facts.st_mtim.tv_nsec / 1000;
    summary->bytes += (uint64_t)facts.st_size;
    if (summary->oldest_us == 0 || modified < summary->oldest_us) {
        summary->oldest_us = modified;
    }
    return true;
}

bool journal_list(const char *directory, char (*names)[128], unsigned max, struct journal_summary *summary,
                  struct error *error)
{
    DIR *stream = opendir(directory);
    *summary = (struct journal_summary){.segments = 0};
    if (stream == NULL) {
        return error_set_errno(error, "journal.list", "open %s", directory);
    }
    const struct dirent *found = NULL;
    while (errno = 0, (found = readdir(stream)) != NULL) { /* ends with the directory, which total_max keeps small */
        struct slice name = slice_of(found->d_name);
        if (is_segment_name(name) && measure(dirfd(stream), found->d_name, summary)) {
            keep_name(names, max, summary->segments, name);
            summary->segments++;
        }
    }
    bool complete = errno == 0 || error_set_errno(error, "journal.list", "read %s", directory);
    (void)closedir(stream); /* read only */
    return complete;
}

/* "<name>-<16>-<8>.journal.new", and no other writer's: "edge-1" must not sweep for "edge-1-b". */
static bool is_unfinished(struct slice file, struct slice name)
{
    static const struct slice suffix = SLICE_INIT(JOURNAL_SUFFIX JOURNAL_MAKING);
    const size_t numbers = 1 + JOURNAL_BOOT_SIZE + 1 + JOURNAL_NUMBER_SIZE;
    return file.length == name.length + numbers + suffix.length && slice_starts_with(file, name) &&
           file.data[name.length] == '-' && file.data[name.length + 1 + JOURNAL_BOOT_SIZE] == '-' &&
           slice_equal(slice_sub(file, name.length + numbers, file.length), suffix);
}

void journal_list_sweep(const char *directory, const char *name)
{
    DIR *stream = opendir(directory);
    const struct dirent *found = NULL;
    while (stream != NULL && (found = readdir(stream)) != NULL) {
        if (is_unfinished(slice_of(found->d_name), slice_of(name))) {
            (void)unlinkat(dirfd(stream), found->d_name, 0);
        }
    }
    if (stream != NULL) {
        (void)closedir(stream);
    }
}
