/* SPDX-License-Identifier: Apache-2.0
 * Journal payloads as records: arbitrary bytes are none, or one that is written back the same. */
#include <stdlib.h>
#include <string.h>

#include "store/check_in_record.h"
#include "store/code_request.h"
#include "store/registration_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(struct buffer *out, struct slice payload)
{
    /* flags are read from any byte but 0: written back they are 1, so only lengths can be compared */
    if (out->failed || out->length != payload.length) {
        abort();
    }
    buffer_release(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice payload = slice_make(data, size);
    struct buffer out;
    struct check_in_record *check_in = check_in_record_read(payload);
    if (check_in != NULL) {
        buffer_init(&out, 1 << 20);
        check_in_record_write(check_in, &out);
        same(&out, payload);
        check_in_record_free(check_in);
    }
    struct registration_record *registration = registration_record_read(payload);
    if (registration != NULL) {
        buffer_init(&out, 1 << 20);
        registration_record_write(registration, &out);
        same(&out, payload);
        registration_record_free(registration);
    }
    struct code_request *request = code_request_read(payload);
    if (request != NULL) {
        buffer_init(&out, 1 << 20);
        code_request_write(request, &out);
        same(&out, payload);
        code_request_free(request);
    }
    return 0;
}
