/* SPDX-License-Identifier: Apache-2.0
 * Reads the whole record: it is asked of one entry now and then. */
#include "store/journalled.h"

#include "store/check_in_record.h"
#include "store/code_request.h"
#include "store/outcome.h"
#include "store/registration_record.h"

int64_t journalled_at(uint8_t kind, struct slice payload)
{
    int64_t at = 0;
    if (kind == JOURNAL_REGISTRATION) {
        struct registration_record *registration = registration_record_read(payload);
        at = registration != NULL ? registration->received_us : 0;
        registration_record_free(registration);
    } else if (kind == JOURNAL_CHECK_IN) {
        struct check_in_record *check_in = check_in_record_read(payload);
        at = check_in != NULL ? check_in->received_us : 0;
        check_in_record_free(check_in);
    } else if (kind == JOURNAL_CODE) {
        struct code_request *request = code_request_read(payload);
        at = request != NULL ? request->asked_us : 0;
        code_request_free(request);
    }
    return at;
}
