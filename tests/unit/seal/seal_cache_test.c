/* SPDX-License-Identifier: Apache-2.0
 * The cache of epoch keys against a plain model of "least recently used leaves". */
#include "seal/seal_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum { IDS = 40, CAPACITY_MAX = 32 };

/* Ids of the model, from the least to the most recently used. */
struct model {
    unsigned ids[CAPACITY_MAX];
    unsigned count;
};

static struct uuid id_of(unsigned number)
{
    struct uuid id = {.bytes = {0}};
    id.bytes[1] = (uint8_t)(number % 3); /* few buckets, so chains are long */
    id.bytes[15] = (uint8_t)number;
    return id;
}

static unsigned model_place(const struct model *model, unsigned number)
{
    unsigned i = 0;
    while (i < model->count && model->ids[i] != number) {
        i++;
    }
    return i;
}

static void model_use(struct model *model, unsigned number, unsigned capacity)
{
    unsigned i = model_place(model, number);
    if (i == model->count && model->count < capacity) {
        model->count++;
    } else if (i == model->count) {
        i = 0; /* the oldest leaves */
    }
    memmove(&model->ids[i], &model->ids[i + 1], (model->count - i - 1) * sizeof(model->ids[0]));
    model->ids[model->count - 1] = number;
}

static void run_against_model(unsigned capacity)
{
    struct seal_cache *cache = seal_cache_new(capacity);
    struct model model = {.count = 0};
    uint32_t seed = capacity;
    assert_non_null(cache);
    for (unsigned step = 0; step < 3000; step++) {
        seed = seed * 1664525U + 1013904223U;
        unsigned number = (seed >> 20) % IDS;
        struct uuid id = id_of(number);
        uint8_t key[SEAL_KEY_SIZE];
        memset(key, (int)number, sizeof(key));
        bool expected = model_place(&model, number) < model.count;
        assert_int_equal(seal_cache_has(cache, &id), expected);
        const uint8_t *found = seal_cache_find(cache, &id);
        assert_int_equal(found != NULL, expected);
        if (found != NULL) {
            assert_memory_equal(found, key, sizeof(key));
        } else {
            seal_cache_put(cache, &id, key);
        }
        model_use(&model, number, capacity);
    }
    seal_cache_free(cache);
}

static void test_least_recently_used_leaves(void **state)
{
    static const unsigned capacities[] = {1, 2, 3, 7, 16, CAPACITY_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof(capacities) / sizeof(capacities[0]); i++) {
        run_against_model(capacities[i]);
    }
}

static void test_the_largest(void **state)
{
    struct seal_cache *cache = seal_cache_new(SEAL_OPENER_EPOCHS_MAX);
    static const uint8_t key[SEAL_KEY_SIZE];
    struct uuid first = uuid_random();
    (void)state;
    assert_non_null(cache);
    seal_cache_put(cache, &first, key);
    for (unsigned i = 1; i < SEAL_OPENER_EPOCHS_MAX; i++) {
        struct uuid id = uuid_random();
        seal_cache_put(cache, &id, key);
    }
    assert_true(seal_cache_has(cache, &first));
    struct uuid last = uuid_random();
    seal_cache_put(cache, &last, key);
    assert_false(seal_cache_has(cache, &first));
    seal_cache_free(cache);
    seal_cache_free(NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_least_recently_used_leaves),
        cmocka_unit_test(test_the_largest),
    };
    if (!seal_start(NULL)) {
        return 1;
    }
    return cmocka_run_group_tests_name("seal_cache", tests, NULL, NULL);
}
