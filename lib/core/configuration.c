/* SPDX-License-Identifier: Apache-2.0
 * One table of keys; the file, then the environment, then defaults that depend on other keys. */
#include "core/configuration.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/slice.h"

enum { CONFIGURATION_FILE_MAX = 64 * 1024, CONFIGURATION_ARENA_MAX = 256 * 1024 };

enum key_kind { KEY_TEXT, KEY_NUMBER };

struct key {
    const char *section;
    const char *name;
    const char *environment;
    enum key_kind kind;
    size_t offset;
    const char *fallback;
    long least, most; /* of a number */
};

#define TEXT_KEY(section, name, environment, field, fallback)                                                          \
    {                                                                                                                  \
        section, name, environment, KEY_TEXT, offsetof(struct configuration, field), fallback, 0, 0                    \
    }
#define NUMBER_KEY(section, name, environment, field, fallback, least, most)                                           \
    {                                                                                                                  \
        section, name, environment, KEY_NUMBER, offsetof(struct configuration, field), fallback, least, most           \
    }

static const struct key keys[] = {
    TEXT_KEY("musterd", "state_dir", "MUSTER_STATE_DIR", state_dir, "var"),
    TEXT_KEY("musterd", "log_level", "MUSTER_LOG_LEVEL", log_level, "info"),
    TEXT_KEY("musterd", "user", "MUSTER_USER", user, "muster"),
    TEXT_KEY("public", "listen", "MUSTER_PUBLIC_LISTEN", public_listen, "127.0.0.1:8443"),
    TEXT_KEY("public", "url", "MUSTER_PUBLIC_URL", public_url, ""),
    TEXT_KEY("desk", "listen", "MUSTER_DESK_LISTEN", desk_listen, "127.0.0.1:9443"),
    TEXT_KEY("desk", "client_ca_file", "MUSTER_DESK_CLIENT_CA_FILE", client_ca_file, ""),
    TEXT_KEY("desk", "client_crl_file", "MUSTER_DESK_CLIENT_CRL_FILE", client_crl_file, ""),
    NUMBER_KEY("desk", "workers", "MUSTER_DESK_WORKERS", desk_workers, "1", 1, 16),
    NUMBER_KEY("desk", "connections", "MUSTER_DESK_CONNECTIONS", desk_connections, "0", 0, 64),
    TEXT_KEY("desk", "tiles_url", "MUSTER_DESK_TILES_URL", desk_tiles_url, ""),
    TEXT_KEY("desk", "tiles_attribution", "MUSTER_DESK_TILES_ATTRIBUTION", desk_tiles_attribution, ""),
    TEXT_KEY("ops", "listen", "MUSTER_OPS_LISTEN", ops_listen, "127.0.0.1:9090"),
    TEXT_KEY("database", "url", "MUSTER_DATABASE_URL", database_url, ""),
    NUMBER_KEY("database", "connections", "MUSTER_DATABASE_CONNECTIONS", database_connections, "2", 1, 64),
    NUMBER_KEY("edge", "workers", "MUSTER_EDGE_WORKERS", edge_workers, "0", 0, 64),
    TEXT_KEY("tls", "certificate", "MUSTER_TLS_CERTIFICATE", tls_certificate, ""),
    TEXT_KEY("tls", "private_key", "MUSTER_TLS_PRIVATE_KEY", tls_private_key, ""),
    TEXT_KEY("journal", "directory", "MUSTER_JOURNAL_DIRECTORY", journal_directory, ""),
    TEXT_KEY("keys", "directory", "MUSTER_KEYS_DIRECTORY", keys_directory, ""),
    TEXT_KEY("secrets", "directory", "MUSTER_SECRETS_DIRECTORY", secrets_directory, ""),
};

static const struct key *find_key(struct slice section, struct slice name, bool *section_known)
{
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (slice_equal(section, slice_of(keys[i].section))) {
            *section_known = true;
            if (slice_equal(name, slice_of(keys[i].name))) {
                return &keys[i];
            }
        }
    }
    return NULL;
}

static bool set_number(void *field, const struct key *key, struct slice value, const char *origin, struct error *error)
{
    uint64_t number = 0;
    if (!slice_to_u64(value, LONG_MAX, &number) || (long)number < key->least || (long)number > key->most) {
        return error_set(error, ERROR_INVALID, "configuration", "%s: [%s] %s must be a number from %ld to %ld", origin,
                         key->section, key->name, key->least, key->most);
    }
    *(long *)field = (long)number;
    return true;
}

static bool set_key(struct configuration *configuration, const struct key *key, struct slice value, const char *origin,
                    struct error *error)
{
    void *field = (char *)configuration + key->offset;
    if (key->kind == KEY_NUMBER) {
        return set_number(field, key, value, origin, error);
    }
    char *copy = arena_strdup(&configuration->arena, value);
    if (copy == NULL) {
        return error_set(error, ERROR_NOMEM, "configuration", "out of memory reading %s", origin);
    }
    *(const char **)field = copy;
    return true;
}

static bool read_line(struct configuration *configuration, struct slice line, struct slice *section, const char *origin,
                      struct error *error)
{
    bool section_known = false;
    line = slice_trim(line);
    if (line.length == 0 || line.data[0] == '#' || line.data[0] == ';') {
        return true;
    }
    if (line.data[0] == '[' && line.data[line.length - 1] == ']') {
        *section = slice_sub(line, 1, line.length - 1);
        return true;
    }
    size_t equals = slice_index(line, '=');
    if (equals == line.length) {
        return error_set(error, ERROR_INVALID, "configuration", "%s: neither [section] nor key = value", origin);
    }
    struct slice name = slice_trim(slice_sub(line, 0, equals));
    const struct key *key = find_key(*section, name, &section_known);
    if (key == NULL) {
        return error_set(error, ERROR_INVALID, "configuration", "%s: there is no %s \"%.*s\"%s", origin,
                         section_known ? "key" : "section", SLICE_ARGS(section_known ? name : *section),
                         section_known ? " in this section" : "");
    }
    return set_key(configuration, key, slice_trim(slice_sub(line, equals + 1, line.length)), origin, error);
}

static bool read_file(struct configuration *configuration, const char *path, struct error *error)
{
    char origin[256];
    struct slice section = SLICE("");
    FILE *file = fopen(path, "re");
    char *text = arena_alloc(&configuration->arena, CONFIGURATION_FILE_MAX + 1);
    if (file == NULL || text == NULL) {
        if (file != NULL) {
            (void)fclose(file);
        }
        return error_set_errno(error, "configuration", "cannot read %s", path);
    }
    struct slice rest = slice_make(text, fread(text, 1, CONFIGURATION_FILE_MAX + 1, file));
    bool failed = ferror(file) != 0;
    (void)fclose(file); /* only read from */
    if (failed || rest.length > CONFIGURATION_FILE_MAX) {
        return error_set(error, ERROR_INVALID, "configuration", "%s cannot be read or is over %d bytes", path,
                         CONFIGURATION_FILE_MAX);
    }
    struct slice line;
    for (unsigned number = 1; slice_split(&rest, '\n', &line); number++) {
        (void)snprintf(origin, sizeof(origin), "%s line %u", path, number);
        if (!read_line(configuration, line, &section, origin, error)) {
            return false;
        }
    }
    return true;
}

static bool default_path(struct configuration *configuration, const char **field, const char *below)
{
    if ((*field)[0] == '\0') {
        *field = arena_printf(&configuration->arena, "%s/%s", configuration->state_dir, below).data;
    }
    return *field != NULL;
}

bool configuration_load(struct configuration *configuration, const char *path, struct error *error)
{
    *configuration = (struct configuration){0};
    arena_init(&configuration->arena, CONFIGURATION_ARENA_MAX);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (!set_key(configuration, &keys[i], slice_of(keys[i].fallback), "default", error)) {
            return false;
        }
    }
    if (path != NULL && !read_file(configuration, path, error)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const char *value = getenv(keys[i].environment);
        if (value != NULL && !set_key(configuration, &keys[i], slice_of(value), keys[i].environment, error)) {
            return false;
        }
    }
    if (configuration->public_url[0] == '\0') {
        configuration->public_url =
            arena_printf(&configuration->arena, "https://%s", configuration->public_listen).data;
    }
    if (configuration->public_url == NULL ||
        !default_path(configuration, &configuration->tls_certificate, "tls/server.crt") ||
        !default_path(configuration, &configuration->tls_private_key, "tls/server.key") ||
        !default_path(configuration, &configuration->journal_directory, "journal") ||
        !default_path(configuration, &configuration->keys_directory, "keys") ||
        !default_path(configuration, &configuration->secrets_directory, "secrets")) {
        return error_set(error, ERROR_NOMEM, "configuration", "out of memory");
    }
    return true;
}

void configuration_release(struct configuration *configuration)
{
    arena_release(&configuration->arena);
}
