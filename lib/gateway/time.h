/* SPDX-License-Identifier: Apache-2.0
 * The times that gateways write. */
#ifndef GATEWAY_TIME_H
#define GATEWAY_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

/* In microseconds since 1970: seconds ("1719045971"), milliseconds ("1719045971000": from 10^11 on), RFC 3339, the same with a blank for
 * the T, with an offset without colon ("+0000"), or without offset, which is UTC. */
bool gateway_time_parse(struct slice text, int64_t *time_us);

#endif
