/* SPDX-License-Identifier: Apache-2.0
 * A registration as the register keeps it: sealed where it identifies, in the clear where queues need it. */
#ifndef STORE_REGISTRATION_RECORD_H
#define STORE_REGISTRATION_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "core/id.h"
#include "core/slice.h"
#include "pg/batch.h"
#include "seal/blind.h"
#include "store/outcome.h"
#include "store/sealed_epoch.h"

enum { RECORD_MEMBERS_MAX = 30, RECORD_CONTACTS_MAX = 10, RECORD_ARENA_MAX = 1024 * 1024 };

struct member_row {
    struct slice category;
    uint32_t needs;
    struct slice sealed_person;
    struct slice document_index; /* empty: none */
    struct slice name_keys;      /* of the blind index (name_index.h), as an array literal; empty: not made yet */
};

struct contact_row {
    struct slice kind;
    bool primary;
    struct slice sealed_value;
    struct slice value_index; /* empty: none */
};

struct registration_record {
    struct arena arena; /* owns every slice */
    uint8_t format;     /* of the journal entry that it was read from */
    int64_t registration_id;
    struct uuid client_id;
    struct slice crisis;
    uint8_t content_mac[BLIND_SIZE];
    uint8_t secret_mac[BLIND_SIZE];
    struct slice language; /* this and the next two: empty when not said */
    struct slice intent;
    struct slice cell;
    uint32_t party_size;
    uint32_t needs;
    bool has_consent;
    bool consent_family;
    bool consent_partners;
    struct sealed_epoch *epoch;
    struct slice sealed_location;          /* empty: none given */
    struct slice sealed_emergency_contact; /* empty: none given */
    struct slice channel;
    int64_t received_us;
    bool via_journal;
    uint8_t band; /* 0: raises no case */
    uint32_t reasons;
    struct slice queue;
    int64_t respond_by_us;
    struct member_row *members;
    size_t member_count;
    struct contact_row *contacts;
    size_t contact_count;
};

struct registration_record *registration_record_new(void);
/* Takes void so that it can be a batch_kind's. */
void registration_record_free(void *record);

/* The payload of a JOURNAL_REGISTRATION entry. */
void registration_record_write(struct registration_record *record, struct buffer *out);
/* NULL when the payload is not one; the record read is marked as stored via the journal. */
struct registration_record *registration_record_read(struct slice payload);

extern const struct batch_kind registration_batch_kind;

struct registration_stored {
    enum store_outcome outcome;
    int64_t check_in_by_us; /* 0: none */
    bool via_journal;
};
struct registration_stored registration_stored_row(const PGresult *result, int row);

#endif
