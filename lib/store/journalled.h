/* SPDX-License-Identifier: Apache-2.0
 * What an entry of the journal says of itself, whatever its kind. */
#ifndef STORE_JOURNALLED_H
#define STORE_JOURNALLED_H

#include <stdint.h>

#include "core/slice.h"

/* When it was taken from its sender, microseconds of the wall clock; 0 when the entry is none of ours, or memory is out. */
int64_t journalled_at(uint8_t kind, struct slice payload);

#endif
