/* SPDX-License-Identifier: Apache-2.0
 * CRC-32C (Castagnoli), as in RFC 3720 section 12.1: it finds what a disk or a power cut tore, not what an enemy forged. */
#ifndef JOURNAL_CRC32C_H
#define JOURNAL_CRC32C_H

#include <stdint.h>

#include "core/slice.h"

uint32_t journal_crc32c(struct slice bytes);

#endif
