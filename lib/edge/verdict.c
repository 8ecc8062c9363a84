/* SPDX-License-Identifier: Apache-2.0
 * From a verdict to the class that it waits in. */
#include "edge/verdict.h"

enum admission_class verdict_class(const struct triage_verdict *verdict, enum admission_class routine)
{
    return verdict->band != BAND_NONE && verdict->band <= BAND_URGENT ? ADMIT_HELP : routine;
}
