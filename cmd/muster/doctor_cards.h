/* SPDX-License-Identifier: Apache-2.0
 * What `muster doctor` says of smart cards: who vouches for them, and whether the lists of revoked ones still hold. */
#ifndef MUSTER_DOCTOR_CARDS_H
#define MUSTER_DOCTOR_CARDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/configuration.h"

/* Writes a line, of the first authority where something is wrong; false when its cards are refused, or will be within days. */
bool doctor_cards(const struct configuration *configuration, char *detail, size_t size);

#endif
