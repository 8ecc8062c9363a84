/* SPDX-License-Identifier: Apache-2.0
 * musterd: reads the configuration and forks the roles. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/log.h"
#include "roles.h"

static const char usage[] =
    "usage: musterd [-c FILE]\n"
    "Serves Muster in the foreground. SIGTERM drains and stops; SIGHUP reads the certificates again.\n"
    "  -c FILE   the configuration; each key can be overridden by MUSTER_SECTION_KEY\n";

static unsigned edge_count(const struct configuration *configuration)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    long wanted = configuration->edge_workers > 0 ? configuration->edge_workers : cores;
    return (unsigned)(wanted < 1 ? 1 : wanted > 64 ? 64 : wanted);
}

static unsigned desk_count(const struct configuration *configuration)
{
    return (unsigned)configuration->desk_workers;
}

static unsigned one(const struct configuration *configuration)
{
    (void)configuration;
    return 1;
}

static enum log_level level_of(const char *name)
{
    return strcmp(name, "debug") == 0     ? LOG_DEBUG
           : strcmp(name, "warning") == 0 ? LOG_WARNING
           : strcmp(name, "error") == 0   ? LOG_ERROR
                                          : LOG_INFO;
}

/* As many open files as the system lets us have: each connection is one, and the usual 1024 would turn a crowd away. Nothing here uses select(2), for
 * whose sake the soft limit is low. */
static void take_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return;
    }
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        log_event(LOG_WARNING, "descriptors.limited", log_integer("most", (int64_t)limit.rlim_max));
    }
}

int main(int argc, char *argv[])
{
    static const struct role roles[] = {
        {"ops", role_ops_main, one},
        {"edge", role_edge_main, edge_count},
        {"desk", role_desk_main, desk_count},
        {"courier", role_courier_main, one},
    };
    struct configuration configuration;
    struct error error = {.code = ERROR_NONE};
    const char *file = NULL;
    for (int option = getopt(argc, argv, "c:h"); option != -1; option = getopt(argc, argv, "c:h")) {
        if (option != 'c') {
            (void)fputs(usage, option == 'h' ? stdout : stderr);
            return option == 'h' ? 0 : 2;
        }
        file = optarg;
    }
    log_identify("supervisor", 0);
    if (!configuration_load(&configuration, file, &error)) {
        log_error("configuration.invalid", &error);
        configuration_release(&configuration);
        return 2;
    }
    log_set_level(level_of(configuration.log_level));
    take_descriptors();
    int status = supervise(&configuration, roles, sizeof(roles) / sizeof(roles[0]));
    configuration_release(&configuration);
    return status;
}
