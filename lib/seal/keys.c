/* SPDX-License-Identifier: Apache-2.0
 * Writing key files once and for good, and reading them with suspicion. */
#include "seal/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum key_kind { KEY_PUBLIC, KEY_SECRET, KEY_INDEX, KEY_KIND_COUNT };

static const struct kind {
    const char *tag;
    const char *words;
    mode_t mode;
    bool private; /* refused when the group or others may touch it */
} kinds[KEY_KIND_COUNT] = {
    [KEY_PUBLIC] = {"muster-public-key", "a public key", 0644, false},
    [KEY_SECRET] = {"muster-secret-key", "a secret key", 0600, true},
    [KEY_INDEX] = {"muster-index-key", "an index key", 0600, true},
};

enum { KEY_TEXT_MAX = 128, KEY_HEX_SIZE = 2 * SEAL_KEY_SIZE }; /* a key file is 86 bytes at most */

/* The name itself must survive a power cut, so its directory is synced too. */
static bool sync_directory_of(const char *path, struct error *error)
{
    char directory[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    (void)snprintf(directory, sizeof(directory), "%.*s", (int)length, slash == NULL ? "." : path);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return error_set_errno(error, "keys.create", "open %s", directory);
    }
    bool synced = fsync(fd) == 0 || error_set_errno(error, "keys.create", "fsync %s", directory);
    (void)close(fd); /* nothing was written through it */
    return synced;
}

/* The mode is set again after creation: what the umask took away is part of the promise. */
static bool write_text(int fd, const char *path, mode_t mode, struct slice text, struct error *error)
{
    ssize_t written = write(fd, text.data, text.length);
    if (written >= 0 && (size_t)written != text.length) {
        errno = ENOSPC;
        written = -1;
    }
    return (written >= 0 && fchmod(fd, mode) == 0 && fsync(fd) == 0) ||
           error_set_errno(error, "keys.create", "write %s", path);
}

static bool create_file(const char *path, enum key_kind kind, const uint8_t key[SEAL_KEY_SIZE], struct error *error)
{
    char hex[KEY_HEX_SIZE + 1];
    char text[KEY_TEXT_MAX];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kinds[kind].mode);
    if (fd < 0) {
        return errno == EEXIST
                   ? error_set(error, ERROR_INVALID, "keys.create", "%s exists and is not overwritten", path)
                   : error_set_errno(error, "keys.create", "create %s", path);
    }
    (void)hex_format(key, SEAL_KEY_SIZE, hex);
    int length = snprintf(text, sizeof(text), "%s 1 %s\n", kinds[kind].tag, hex);
    bool written = write_text(fd, path, kinds[kind].mode, slice_make(text, (size_t)length), error);
    sodium_memzero(hex, sizeof(hex));
    sodium_memzero(text, sizeof(text));
    if (close(fd) != 0 && written) {
        written = error_set_errno(error, "keys.create", "close %s", path);
    }
    written = written && sync_directory_of(path, error);
    if (!written) {
        (void)unlink(path); /* half a key file would stand in the way of a whole one */
    }
    return written;
}

static bool path_of(char path[PATH_MAX], const char *prefix, const char *suffix, struct error *error)
{
    int length = snprintf(path, PATH_MAX, "%s%s", prefix, suffix);
    return (length > 0 && length < PATH_MAX) ||
           error_set(error, ERROR_LIMIT, "keys.create", "the path is longer than %d bytes", PATH_MAX - 1);
}

/* The secret first: a public key whose secret was never kept would seal records that nobody can open. */
static bool create_files(const char *prefix, const uint8_t public_key[SEAL_KEY_SIZE],
                         const uint8_t secret_key[SEAL_KEY_SIZE], struct error *error)
{
    char public_path[PATH_MAX];
    char secret_path[PATH_MAX];
    if (!path_of(public_path, prefix, ".public", error) || !path_of(secret_path, prefix, ".secret", error) ||
        !create_file(secret_path, KEY_SECRET, secret_key, error)) {
        return false;
    }
    if (!create_file(public_path, KEY_PUBLIC, public_key, error)) {
        (void)unlink(secret_path); /* made a moment ago, known to nobody */
        return false;
    }
    return true;
}

bool seal_key_pair_create(const char *prefix, struct seal_recipient *recipient, struct error *error)
{
    uint8_t public_key[SEAL_KEY_SIZE];
    uint8_t secret_key[SEAL_KEY_SIZE];
    bool made = crypto_box_keypair(public_key, secret_key) == 0
                    ? create_files(prefix, public_key, secret_key, error)
                    : error_set(error, ERROR_CRYPTO, "keys.create", "libsodium made no key pair");
    memcpy(recipient->public_key, public_key, SEAL_KEY_SIZE);
    seal_recipient_identify(recipient);
    sodium_memzero(secret_key, sizeof(secret_key));
    return made;
}

bool seal_index_key_create(const char *path, struct error *error)
{
    uint8_t index_key[SEAL_KEY_SIZE];
    randombytes_buf(index_key, sizeof(index_key));
    bool made = create_file(path, KEY_INDEX, index_key, error);
    sodium_memzero(index_key, sizeof(index_key));
    return made;
}

static bool check_file(int fd, const char *path, enum key_kind kind, struct error *error)
{
    struct stat facts;
    if (fstat(fd, &facts) != 0) {
        return error_set_errno(error, "keys.load", "stat %s", path);
    }
    if (!S_ISREG(facts.st_mode)) {
        return error_set(error, ERROR_INVALID, "keys.load", "%s is not a regular file", path);
    }
    if (kinds[kind].private && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return error_set(error, ERROR_INVALID, "keys.load", "%s may be read by others (mode %04o): chmod 0600 it", path,
                         (unsigned)(facts.st_mode & 07777));
    }
    return true;
}

static bool read_text(const char *path, enum key_kind kind, char text[KEY_TEXT_MAX], size_t *length,
                      struct error *error)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe by that name must not hold us up */
    if (fd < 0) {
        return error_set_errno(error, "keys.load", "open %s", path);
    }
    bool ok = check_file(fd, path, kind, error);
    ssize_t got = ok ? read(fd, text, KEY_TEXT_MAX) : 0;
    if (got < 0) {
        ok = error_set_errno(error, "keys.load", "read %s", path);
    }
    (void)close(fd); /* read only */
    *length = got > 0 ? (size_t)got : 0;
    return ok;
}

static const struct kind *kind_of_tag(struct slice tag)
{
    for (size_t i = 0; i < KEY_KIND_COUNT; i++) {
        if (slice_equal(tag, slice_of(kinds[i].tag))) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* The detail says what is wrong without quoting the file: what stands there may be a key. */
static bool parse_text(const char *path, enum key_kind kind, struct slice text, uint8_t key[SEAL_KEY_SIZE],
                       struct error *error)
{
    static const char where[] = "keys.load";
    struct slice rest = slice_trim(text);
    struct slice tag = {NULL, 0};
    struct slice version = {NULL, 0};
    (void)slice_split(&rest, ' ', &tag);
    (void)slice_split(&rest, ' ', &version);
    const struct kind *found = kind_of_tag(tag);
    if (text.length == KEY_TEXT_MAX || found == NULL) {
        return error_set(error, ERROR_INVALID, where, "%s is not a key file (it should begin with \"%s 1 \")", path,
                         kinds[kind].tag);
    }
    if (found != &kinds[kind]) {
        return error_set(error, ERROR_INVALID, where, "%s is %s; %s is needed here", path, found->words,
                         kinds[kind].words);
    }
    if (!slice_equal(version, SLICE("1"))) {
        return error_set(error, ERROR_INVALID, where, "%s has a version that this program does not know", path);
    }
    return hex_parse(rest, key, SEAL_KEY_SIZE) ||
           error_set(error, ERROR_INVALID, where, "%s does not end with %d hexadecimal digits", path, KEY_HEX_SIZE);
}

static bool load(const char *path, enum key_kind kind, uint8_t key[SEAL_KEY_SIZE], struct error *error)
{
    char text[KEY_TEXT_MAX];
    size_t length = 0;
    bool loaded =
        read_text(path, kind, text, &length, error) && parse_text(path, kind, slice_make(text, length), key, error);
    sodium_memzero(text, sizeof(text));
    return loaded;
}

/* False for a point of small order: what is sealed to it anyone could open, so libsodium refuses, but only at the first epoch. */
static bool is_usable(const uint8_t public_key[SEAL_KEY_SIZE])
{
    uint8_t scalar[crypto_scalarmult_SCALARBYTES];
    uint8_t shared[crypto_scalarmult_BYTES];
    randombytes_buf(scalar, sizeof(scalar));
    return crypto_scalarmult(shared, scalar, public_key) == 0;
}

bool seal_public_key_load(const char *path, struct seal_recipient *recipient, struct error *error)
{
    if (!load(path, KEY_PUBLIC, recipient->public_key, error)) {
        return false;
    }
    seal_recipient_identify(recipient);
    return is_usable(recipient->public_key) ||
           error_set(error, ERROR_INVALID, "keys.load", "%s is not a usable X25519 public key", path);
}

bool seal_secret_key_load(const char *path, uint8_t secret_key[SEAL_KEY_SIZE], struct error *error)
{
    return load(path, KEY_SECRET, secret_key, error);
}

bool seal_index_key_load(const char *path, uint8_t index_key[SEAL_KEY_SIZE], struct error *error)
{
    return load(path, KEY_INDEX, index_key, error);
}
