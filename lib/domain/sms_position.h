/* SPDX-License-Identifier: Apache-2.0
 * A position in the words of a text message: degrees, a map link, a plus code. */
#ifndef DOMAIN_SMS_POSITION_H
#define DOMAIN_SMS_POSITION_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"

struct sms_position {
    double lat;
    double lon;
    size_t from; /* bytes of the text that say it, [from, to) */
    size_t to;
};

/* Reads folded text (sms_text.h). The first position that is on Earth and not 0,0:
 *   13.5127, 2.1128   13,5127 2,1128   13.51N 2.11E   N13.51 E2.11   lat 13.5 lon 2.1
 *   13*30'46"N 2*6'46"E   (degrees, minutes, seconds; folding writes the degree sign as "*")
 *   geo:13.51,2.11   https://maps.example/?q=13.51,2.11   .../@13.51,2.11,15z   #map=15/13.51/2.11   mlat=13.51&mlon=2.11
 *   7fg5g4m2+2x   (Open Location Code, full form)
 * Bare pairs need three decimals each, lest prices and times become places. Linear time. */
bool sms_position_find(struct slice folded, struct sms_position *position);

#endif
