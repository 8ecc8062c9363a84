/* SPDX-License-Identifier: Apache-2.0
 * Which two letters are a country: the officially assigned codes of ISO 3166-1 alpha-2, and XK (Kosovo) of its user range. */
#ifndef DOMAIN_COUNTRY_H
#define DOMAIN_COUNTRY_H

#include <stdbool.h>

#include "core/slice.h"

enum { COUNTRY_COUNT = 250 };

/* Capitals only, the whole slice. */
bool country_is_code(struct slice text);

#endif
