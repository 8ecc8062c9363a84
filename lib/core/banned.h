/* SPDX-License-Identifier: Apache-2.0
 * Functions that lose lengths or hide errors; the build includes this header everywhere with -include. */
#ifndef CORE_BANNED_H
#define CORE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* glibc's fortified headers make these macros for clang, which refuses to poison a macro. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strncpy strcat strncat sprintf vsprintf gets strtok
#pragma GCC poison atoi atol atoll atof localtime gmtime ctime asctime mktemp tmpnam

#endif
