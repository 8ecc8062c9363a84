/* SPDX-License-Identifier: Apache-2.0
 * Bytes nobody sealed must not open, wraps nobody made must not be taken, key files may say anything, and what is sealed comes back. */
#include <assert.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "seal/keys.h"
#include "seal/seal.h"

enum { ARENA_MAX = 1 << 20 };

static struct {
    struct seal_epoch *epoch;
    struct seal_opener *opener;
    struct arena arena;
} fixture;

static const struct seal_place place = {"check_in", "message", SLICE_INIT("0123456789abcdef")};

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    uint8_t secret[SEAL_KEY_SIZE];
    struct seal_recipient recipient;
    const char *id = NULL;
    (void)count;
    (void)arguments;
    bool ready = seal_start(NULL) && crypto_box_keypair(recipient.public_key, secret) == 0;
    assert(ready);
    seal_recipient_identify(&recipient);
    fixture.epoch = seal_epoch_new(&recipient, 1);
    fixture.opener = seal_opener_new(secret, 4);
    ready = seal_opener_add(fixture.opener, seal_epoch_id(fixture.epoch), seal_epoch_wrap(fixture.epoch, 0, &id), NULL);
    assert(ready);
    return 0;
}

static void try_field(struct slice input)
{
    struct slice plain = {NULL, 0};
    bool opened = seal_open(fixture.opener, &fixture.arena, seal_epoch_id(fixture.epoch), &place, input, &plain, NULL);
    assert(!opened);
}

static void try_wrap(struct slice input)
{
    struct uuid id = {.bytes = {0}};
    bool added = seal_opener_add(fixture.opener, &id, input, NULL);
    assert(!added && !seal_opener_knows(fixture.opener, &id));
}

static void try_round_trip(struct slice input)
{
    struct slice plain = {NULL, 0};
    struct slice sealed = seal_field(fixture.epoch, &fixture.arena, &place, input);
    assert(sealed.data != NULL || input.length > SEAL_PLAIN_MAX);
    bool opened = sealed.data != NULL &&
                  seal_open(fixture.opener, &fixture.arena, seal_epoch_id(fixture.epoch), &place, sealed, &plain, NULL);
    assert(opened == (sealed.data != NULL) && (!opened || slice_equal(plain, input)));
}

/* Each loader on the same file: at most one of them takes it. */
static void try_key_file(struct slice input)
{
    char path[64];
    struct seal_recipient recipient;
    uint8_t key[SEAL_KEY_SIZE];
    struct error error;
    int fd = memfd_create("key", MFD_CLOEXEC);
    bool ready = fd >= 0 && fchmod(fd, 0600) == 0 && write(fd, input.data, input.length) == (ssize_t)input.length;
    assert(ready);
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    int taken = (int)seal_public_key_load(path, &recipient, &error) + (int)seal_secret_key_load(path, key, &error) +
                (int)seal_index_key_load(path, key, &error);
    assert(taken <= 1);
    (void)close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const tries[])(struct slice) = {try_field, try_wrap, try_round_trip, try_key_file};
    if (size > 0) {
        arena_init(&fixture.arena, ARENA_MAX);
        tries[data[0] % 4](slice_make(data + 1, size - 1));
        arena_release(&fixture.arena);
    }
    return 0;
}
