/* SPDX-License-Identifier: Apache-2.0
 * Sealing a registration under the epoch of its crisis. */
#include "edge/seal_record.h"
#include "store/registration_seal.h"

struct registration_record *seal_registration(struct edge *edge, const struct registration *registration,
                                              const struct submission *submission, unsigned attempt)
{
    struct registration_record *record = registration_record_new();
    struct epoch_in_force epoch = epochs_current(edge->epochs, submission->crisis->id);
    const struct registration_sealing with = {
        .keys = &edge->keys,
        .epoch = epoch.keys,
        .travels = epoch.travels,
        .crisis = submission->crisis->id,
        .language = submission->language,
        .channel = submission->channel,
        .received_us = submission->received_us,
        .content = submission->content,
        .verdict = submission->verdict,
        .attempt = attempt,
    };
    if (record != NULL && (epoch.keys == NULL || !registration_seal(record, registration, &with))) {
        registration_record_free(record);
        return NULL;
    }
    return record;
}
