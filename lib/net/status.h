/* SPDX-License-Identifier: Apache-2.0
 * Reason phrases. Source: RFC 9110 section 15, RFC 6585. */
#ifndef NET_STATUS_H
#define NET_STATUS_H

#include "core/slice.h"

/* "Not Found" for 404; "Unknown" for what we do not send. */
struct slice status_reason(unsigned status);

#endif
