/* SPDX-License-Identifier: Apache-2.0
 * Counters and their limits. */
#include "net/admission.h"

#include <assert.h>
#include <string.h>

void admission_init(struct admission *admission, const unsigned in_flight_max[ADMIT_COUNT])
{
    *admission = (struct admission){.in_flight = {0}};
    memcpy(admission->in_flight_max, in_flight_max, sizeof(admission->in_flight_max));
}

bool admission_enter(struct admission *admission, enum admission_class class)
{
    if (admission->in_flight[class] >= admission->in_flight_max[class]) {
        return false;
    }
    admission->in_flight[class]++;
    return true;
}

void admission_leave(struct admission *admission, enum admission_class class)
{
    assert(admission->in_flight[class] > 0);
    admission->in_flight[class]--;
}

unsigned admission_retry_after(enum admission_class class, unsigned spread)
{
    static const unsigned least[ADMIT_COUNT] = {
        [ADMIT_HELP] = 1, [ADMIT_CHECK_IN] = 2, [ADMIT_REGISTRATION] = 5, [ADMIT_PAGE] = 10};
    return least[class] + spread % (least[class] + 1);
}
