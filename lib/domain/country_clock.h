/* SPDX-License-Identifier: Apache-2.0
 * What the clocks of a country show, for times that people read. */
#ifndef DOMAIN_COUNTRY_CLOCK_H
#define DOMAIN_COUNTRY_CLOCK_H

#include <stdbool.h>

#include "core/slice.h"

/* Minutes east of UTC in a country (ISO 3166-1 alpha-2) that keeps one time all over and all year; false for others and for those we do
 * not know: say UTC there. */
bool country_clock_offset(struct slice country, int *minutes);

#endif
