/* SPDX-License-Identifier: Apache-2.0
 * Sealing a check-in under the epoch of its crisis. */
#include "edge/seal_record.h"
#include "store/check_in_seal.h"

struct check_in_record *seal_check_in(struct edge *edge, const struct check_in *check_in,
                                      const struct submission *submission)
{
    struct check_in_record *record = check_in_record_new(&edge->records);
    struct slice crisis = submission->crisis != NULL ? submission->crisis->id : SLICE("");
    struct epoch_in_force epoch = epochs_current(edge->epochs, crisis);
    const struct check_in_sealing with = {
        .keys = &edge->keys,
        .epoch = epoch.keys,
        .travels = epoch.travels,
        .crisis = crisis,
        .language = submission->language,
        .channel = submission->channel,
        .received_us = submission->received_us,
        .content = submission->content,
        .verdict = submission->verdict,
    };
    if (record != NULL && (epoch.keys == NULL || !check_in_seal(record, check_in, &with))) {
        check_in_record_free(record);
        return NULL;
    }
    return record;
}
