/* SPDX-License-Identifier: Apache-2.0
 * The life of a role's process. */
#include "role_loop.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "core/clock.h"
#include "core/log.h"
#include "pg/conninfo.h"
#include "seal/keys.h"

enum { DRAIN_SECONDS = 30, PASSWORD_MAX = 256, ROLE_ARENA_MAX = 64 * 1024, CONNINFO_MAX = 4096 };

static void on_drained(void *context)
{
    struct role_loop *loop = context;
    log_note(LOG_INFO, "role.drained");
    (void)event_base_loopbreak(loop->base);
}

static void on_deadline(evutil_socket_t fd, short events, void *context)
{
    struct role_loop *loop = context;
    (void)fd;
    (void)events;
    log_note(LOG_WARNING, "role.drain_deadline");
    (void)event_base_loopbreak(loop->base);
}

static void on_term(evutil_socket_t fd, short events, void *context)
{
    static const struct timeval limit = {DRAIN_SECONDS, 0};
    struct role_loop *loop = context;
    (void)fd;
    (void)events;
    if (!loop->draining) {
        loop->draining = true;
        log_note(LOG_INFO, "role.draining");
        (void)evtimer_add(loop->on_deadline, &limit); /* without it the supervisor's own deadline ends us */
        loop->kind->drain(loop->role, on_drained, loop);
    }
}

static void on_hup(evutil_socket_t fd, short events, void *context)
{
    struct role_loop *loop = context;
    struct error error = {.code = ERROR_NONE};
    (void)fd;
    (void)events;
    if (loop->kind->set_tls == NULL || loop->draining) {
        return;
    }
    SSL_CTX *tls = role_tls(loop->start, loop->kind->asks_for_cards, &error);
    if (tls == NULL) {
        log_error("tls.reload_failed", &error); /* the certificate in use stays */
        return;
    }
    loop->kind->set_tls(loop->role, tls);
    SSL_CTX_free(tls);
    log_note(LOG_INFO, "tls.reloaded");
}

static void on_second(evutil_socket_t fd, short events, void *context)
{
    struct role_loop *loop = context;
    struct process_report *report = calloc(1, sizeof(*report)); /* 22 KB: not for the stack of a deep callback */
    (void)fd;
    (void)events;
    if (report == NULL) {
        return;
    }
    (void)snprintf(report->role, sizeof(report->role), "%s", loop->kind->name);
    report->instance = loop->start->instance;
    report->pid = getpid();
    report->beat_us = clock_monotonic();
    loop->kind->report(loop->role, report);
    scoreboard_publish(loop->start->scoreboard, loop->start->slot, report);
    free(report);
}

const char *role_conninfo(const struct role_start *start, const char *database_role, struct arena *arena,
                          struct error *error)
{
    char path[4096];
    char password[PASSWORD_MAX];
    char application[64];
    struct buffer out;
    (void)snprintf(path, sizeof(path), "%s/%s", start->configuration->secrets_directory, database_role);
    FILE *file = fopen(path, "re");
    if (file == NULL || fgets(password, sizeof(password), file) == NULL) {
        if (file != NULL) {
            (void)fclose(file);
        }
        (void)error_set_errno(error, "role.secret", "cannot read %s (made by `muster init`)", path);
        return NULL;
    }
    (void)fclose(file); /* only read from */
    password[strcspn(password, "\r\n")] = '\0';
    (void)snprintf(application, sizeof(application), "musterd %s %u", database_role, start->instance);
    buffer_init(&out, CONNINFO_MAX);
    const char *conninfo = NULL;
    if (pg_conninfo_with(start->configuration->database_url, database_role, password, application, &out, error)) {
        conninfo = arena_strdup(arena, buffer_slice(&out));
    }
    buffer_release(&out);
    explicit_bzero(password, sizeof(password));
    return conninfo;
}

SSL_CTX *role_tls(const struct role_start *start, bool asks_for_cards, struct error *error)
{
    const struct configuration *c = start->configuration;
    struct tls_files files = {c->tls_certificate, c->tls_private_key};
    SSL_CTX *context = tls_context_new(&files, start->ticket_secret, error);
    if (context != NULL && asks_for_cards && *c->client_ca_file != '\0' &&
        !tls_ask_for_cards(context, c->client_ca_file, c->client_crl_file, error)) {
        SSL_CTX_free(context);
        return NULL;
    }
    return context;
}

bool role_key_path(const struct role_start *start, const char *name, char *path, size_t size)
{
    int length = snprintf(path, size, "%s/%s", start->configuration->keys_directory, name);
    return length > 0 && (size_t)length < size;
}

static int is_public_key(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".public") == 0;
}

bool role_recipients(const struct role_start *start, struct seal_recipient recipients[SEAL_RECIPIENTS_MAX],
                     unsigned *count, struct error *error)
{
    struct dirent **names = NULL;
    char path[4096];
    const char *directory = start->configuration->keys_directory;
    int found = scandir(directory, &names, is_public_key, alphasort);
    if (found < 0) {
        return error_set_errno(error, "role.keys", "cannot list %s", directory);
    }
    bool ok = found > 0 && found <= SEAL_RECIPIENTS_MAX;
    if (!ok) {
        (void)error_set(error, ERROR_INVALID, "role.keys",
                        "%s must hold 1 to %d *.public files (made by `muster init`)", directory, SEAL_RECIPIENTS_MAX);
    }
    for (int i = 0; i < found; i++) {
        ok = ok && role_key_path(start, names[i]->d_name, path, sizeof(path)) &&
             seal_public_key_load(path, &recipients[i], error);
        free(names[i]);
    }
    free(names);
    *count = ok ? (unsigned)found : 0;
    return ok;
}

static bool loop_init(struct role_loop *loop, struct error *error)
{
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
        return error_set_errno(error, "role", "signal");
    }
    loop->base = event_base_new();
    if (loop->base != NULL) {
        loop->on_term = evsignal_new(loop->base, SIGTERM, on_term, loop);
        loop->on_hup = evsignal_new(loop->base, SIGHUP, on_hup, loop);
        loop->on_second = event_new(loop->base, -1, EV_PERSIST, on_second, loop);
        loop->on_deadline = evtimer_new(loop->base, on_deadline, loop);
    }
    if (loop->on_term == NULL || loop->on_hup == NULL || loop->on_second == NULL || loop->on_deadline == NULL) {
        return error_set(error, ERROR_NOMEM, "role", "cannot make the event loop");
    }
    return true;
}

static int loop_run(struct role_loop *loop)
{
    static const struct timeval second = {0, 500000};
    /* SIGINT goes to the whole foreground group; the supervisor alone decides when to stop */
    if (signal(SIGINT, SIG_IGN) == SIG_ERR || event_add(loop->on_term, NULL) != 0 ||
        event_add(loop->on_hup, NULL) != 0 || event_add(loop->on_second, &second) != 0) {
        log_note(LOG_ERROR, "role.cannot_run");
        return 1;
    }
    event_active(loop->on_second, EV_TIMEOUT, 0);
    log_note(LOG_INFO, "role.serving");
    return event_base_dispatch(loop->base) < 0 ? 1 : 0;
}

static void loop_release(struct role_loop *loop)
{
    struct event *const events[] = {loop->on_term, loop->on_hup, loop->on_second, loop->on_deadline};
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        if (events[i] != NULL) {
            event_free(events[i]);
        }
    }
    if (loop->base != NULL) {
        event_base_free(loop->base);
    }
}

/* It may write to the journal, if it is a role that does, and still reads its TLS files. */
static bool confine_role(const struct role_loop *loop, struct error *error)
{
    const struct configuration *c = loop->start->configuration;
    /* the directories, for a renewed certificate is usually a new file */
    enum { TLS_FILES = 4, PATH_SIZE = 1024 };
    const char *const files[TLS_FILES] = {c->tls_certificate, c->tls_private_key, c->client_ca_file,
                                          c->client_crl_file};
    char directories[TLS_FILES][PATH_SIZE];
    const char *readables[TLS_FILES + 1] = {NULL};
    size_t count = loop->kind->asks_for_cards ? TLS_FILES : 2;
    for (size_t i = 0, used = 0; i < count; i++) {
        (void)snprintf(directories[i], PATH_SIZE, "%s", files[i]);
        char *slash = strrchr(directories[i], '/');
        if (slash != NULL) {
            *slash = '\0';
        }
        if (directories[i][0] != '\0') {
            readables[used++] = directories[i];
        }
    }
    const char *const writables[] = {loop->kind->writes_journal ? c->journal_directory : NULL, NULL};
    struct confinement confinement = {c->user, writables, readables};
    return confine(&confinement, error);
}

int role_serve(const struct role_start *start, const struct role_kind *kind)
{
    struct error error = {.code = ERROR_NONE};
    struct role_loop loop = {.start = start, .kind = kind};
    struct arena arena;
    int status = 1;
    arena_init(&arena, ROLE_ARENA_MAX);
    if (seal_start(&error) && loop_init(&loop, &error)) {
        loop.role = kind->build(&loop, &arena, &error);
    }
    if (loop.role != NULL && confine_role(&loop, &error)) {
        status = loop_run(&loop);
    } else {
        log_error("role.cannot_start", &error);
    }
    kind->free(loop.role);
    loop_release(&loop);
    arena_release(&arena);
    return status;
}
