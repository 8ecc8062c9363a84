/* SPDX-License-Identifier: Apache-2.0
 * How much of each class may be in work at once; what is beyond is refused at once, not queued. */
#ifndef NET_ADMISSION_H
#define NET_ADMISSION_H

#include <stdbool.h>

#include "net/http.h"

struct admission {
    unsigned in_flight[ADMIT_COUNT];
    unsigned in_flight_max[ADMIT_COUNT];
};

void admission_init(struct admission *admission, const unsigned in_flight_max[ADMIT_COUNT]);
/* False when the class is full. */
bool admission_enter(struct admission *admission, enum admission_class class);
void admission_leave(struct admission *admission, enum admission_class class);
/* Seconds after which a refused request of the class may try again: a cry for help soonest. `spread` is any number that
 * differs between callers, so those refused together do not return together. */
unsigned admission_retry_after(enum admission_class class, unsigned spread);

#endif
