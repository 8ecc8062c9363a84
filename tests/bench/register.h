/* SPDX-License-Identifier: Apache-2.0
 * The register that the benches fill and then check in against: which numbers its parties have, and whose turn is when. Shared by the
 * programs of tests/bench; tests/bench/register.sql fills it by the same rule. */
#ifndef BENCH_REGISTER_H
#define BENCH_REGISTER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/case_code.h"

/* The number of party n (1, 2, ...): spread over the whole range, as keyed hashes would be. */
static inline int64_t register_party(uint64_t n)
{
    return (int64_t)((n * UINT64_C(22906492245)) & (uint64_t)REGISTRATION_ID_MAX);
}

/* The party whose turn is the i-th (0, 1, ...): every one once before any a second time, in an order that is not the table's. The step is
 * a prime that divides no round number of parties. */
static inline uint64_t register_turn(uint64_t i, uint64_t parties)
{
    return (i * UINT64_C(611953)) % parties + 1;
}

/* One in ten of those who check in asks for help, in words; the others say that they are safe, and where. */
static inline bool register_cries(uint64_t i)
{
    return i % 10 == 0;
}

#endif
