/* SPDX-License-Identifier: Apache-2.0
 * Where a country is, as far as a coarse line tells. */
#ifndef DOMAIN_COUNTRY_OUTLINE_H
#define DOMAIN_COUNTRY_OUTLINE_H

#include <stdbool.h>

#include "core/slice.h"

/* Whether the position is in the country (ISO 3166-1 alpha-2); true, too, for a country whose line we do not have. */
bool country_outline_holds(struct slice country, double lat, double lon);

#endif
