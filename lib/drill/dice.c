/* SPDX-License-Identifier: Apache-2.0
 * Mixing. */
#include "drill/dice.h"

#define MASK62 UINT64_C(0x3fffffffffffffff)
/* Odd, and its inverse modulo 2^62. */
#define FACTOR  UINT64_C(0x1e3779b97f4a7c15)
#define INVERSE UINT64_C(0x31de83e19937733d)

static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint64_t dice_bits(uint64_t seed, enum dice_for what, uint64_t which)
{
    return mix(mix(seed + (uint64_t)what * UINT64_C(0xd1342543de82ef95)) ^ which);
}

double dice_unit(uint64_t seed, enum dice_for what, uint64_t which)
{
    return (double)(dice_bits(seed, what, which) >> 11) / 9007199254740992.0;
}

uint32_t dice_below(uint64_t seed, enum dice_for what, uint64_t which, uint32_t count)
{
    return (uint32_t)((dice_bits(seed, what, which) >> 32) * count >> 32);
}

uint64_t dice_scatter(uint64_t index)
{
    uint64_t x = (index * FACTOR) & MASK62;
    x ^= x >> 31; /* its own inverse: the shift is half the width */
    return (x * FACTOR) & MASK62;
}

uint64_t dice_gather(uint64_t number)
{
    uint64_t x = (number * INVERSE) & MASK62;
    x ^= x >> 31;
    return (x * INVERSE) & MASK62;
}
