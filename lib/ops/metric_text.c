/* SPDX-License-Identifier: Apache-2.0
 * Samples sorted by name, so that each metric's lines stand together as the format asks. */
#include "ops/metric_text.h"

#include <stdlib.h>
#include <string.h>

struct metric_help {
    const char *name;
    const char *type;
    const char *help;
};

/* A metric without a row here is still shown, without help. */
static const struct metric_help helps[] = {
    {"muster_overdue_found_total", "counter", "Parties found overdue: their next check-in did not come."},
    {"muster_overdue_heard_total", "counter", "Parties that left the overdue ladder: they were heard, or departed."},
    {"muster_overdue_texts_total", "counter", "Texts that the overdue ladder put into the outbox."},
    {"muster_overdue_cases_total", "counter", "Overdue parties that were given to an officer."},
    {"muster_cases_judged_total", "counter",
     "Cases moved by a change of their crisis's triage policy, or judged again under it."},
    {"muster_requests_total", "counter", "Requests that reached a handler, by admission class."},
    {"muster_cries_spilled_total", "counter",
     "Cries for help that went to the journal because the database had no room for them."},
    {"muster_sheds_total", "counter", "Requests refused at once under load, by admission class."},
    {"muster_answers_total", "counter", "Answers, by first digit of the status."},
    {"muster_request_duration_seconds", "histogram",
     "From the last byte of a request to its answer, by admission class."},
    {"muster_parse_errors_total", "counter", "Requests refused by the HTTP prefilter and parser."},
    {"muster_connections_open", "gauge", "Open connections."},
    {"muster_connections_total", "counter", "Connections accepted."},
    {"muster_connections_refused_total", "counter", "Connections refused by a cap."},
    {"muster_connections_evicted_total", "counter",
     "Connections closed to make room: slow ones of an address with many, or in a crowd."},
    {"muster_handshakes_queued_total", "counter", "TLS handshakes that had to wait for a later turn of the loop."},
    {"muster_handshake_failures_total", "counter", "TLS handshakes that failed."},
    {"muster_timeouts_total", "counter", "Connections closed at a deadline."},
    {"muster_records_total", "counter", "Records by what became of them."},
    {"muster_batch_records_total", "counter", "Records that went through a batch, by kind."},
    {"muster_batch_flushes_total", "counter", "Statements that carried a batch, by kind."},
    {"muster_batch_size", "histogram", "Records in one statement, by kind."},
    {"muster_batch_waiting", "gauge", "Records waiting for a connection, by kind."},
    {"muster_batch_waiting_by_class", "gauge", "The same, by kind and admission class."},
    {"muster_journal_appended_total", "counter", "Records written to the journal."},
    {"muster_journal_syncs_total", "counter", "fdatasync calls of the journal."},
    {"muster_journal_failures_total", "counter", "Writes or syncs of the journal that failed."},
    {"muster_journal_replayed_total", "counter", "Journal entries that the register has confirmed."},
    {"muster_journal_refused_total", "counter", "Journal entries that the register will never take; kept aside."},
    {"muster_journal_segments", "gauge", "Journal segments waiting for replay."},
    {"muster_journal_entries", "gauge", "Journal entries waiting for replay."},
    {"muster_journal_bytes", "gauge", "Bytes of journal waiting for replay."},
    {"muster_journal_age_seconds", "gauge", "How long the oldest journal entry has waited."},
    {"muster_database_ready", "gauge", "1 when a connection to PostgreSQL is up."},
    {"muster_database_calls_total", "counter", "Statements, by outcome."},
    {"muster_database_retries_total", "counter", "Statements sent again by themselves after they lost a deadlock."},
    {"muster_database_connects_total", "counter", "Connections made to PostgreSQL."},
    {"muster_gateway_messages_total", "counter", "Messages taken from SMS gateways."},
    {"muster_gateway_refused_total", "counter", "Gateway requests refused for a wrong secret or signature."},
    {"muster_replies_capped_total", "counter",
     "Texts stored without a reply, for their sender had a dozen within the hour."},
    {"muster_queue_open", "gauge", "Cases in a queue, not resolved."},
    {"muster_queue_unclaimed", "gauge", "Cases in a queue that nobody holds."},
    {"muster_queue_late", "gauge", "Cases in a queue past their answer-by time."},
    {"muster_queue_oldest_seconds", "gauge", "How long the oldest case of a queue has waited."},
    {"muster_courier_leads", "gauge", "1 on the courier that holds the deployment's lock."},
    {"muster_names_indexed_total", "counter", "Members indexed by name after they were stored."},
    {"muster_sweeps_total", "counter", "Sweeps for lapsed leases and sessions."},
    {"muster_outbox_waiting", "gauge", "Texts that wait to be handed over, up to 10,000."},
    {"muster_outbox_oldest_seconds", "gauge", "For how long the oldest of them has waited."},
    {"muster_outbox_attempts_total", "counter", "Texts marked as handed over."},
    {"muster_outbox_settled_total", "counter", "Attempts, by the state that they left the text in."},
    {"muster_broadcasts_running", "gauge", "Broadcasts that run."},
    {"muster_broadcast_texts_total", "counter", "Texts that broadcasts put into the outbox."},
    {"muster_pieces_joined_total", "counter", "Texts put together from their pieces."},
    {"muster_pieces_left_total", "counter",
     "Times that pieces were left apart, for they contradict each other or do not open."},
    {"muster_live_consoles", "gauge", "Consoles that are told of changes as they happen."},
    {"muster_live_changes_total", "counter", "Changes of cases told to consoles."},
    {"muster_live_dropped_total", "counter", "Consoles that left or did not read what they were told."},
    {"muster_sign_ins_total", "counter", "Sign-ins at the desk, by outcome."},
    {"muster_claims_total", "counter", "Claims at the desk, by outcome."},
    {"muster_fields_unreadable_total", "counter", "Sealed fields that did not open."},
};

struct line {
    const struct process_report *report;
    const struct metric_sample *sample;
};

/* A histogram's _bucket, _sum and _count belong to its name. */
static size_t family_length(const char *name)
{
    static const char *const suffixes[] = {"_bucket", "_sum", "_count"};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        size_t suffix = strlen(suffixes[i]);
        if (length > suffix && strcmp(name + length - suffix, suffixes[i]) == 0) {
            return length - suffix;
        }
    }
    return length;
}

static int compare_families(const char *a, const char *b)
{
    size_t a_length = family_length(a);
    size_t b_length = family_length(b);
    int order = strncmp(a, b, a_length < b_length ? a_length : b_length);
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

/* Lines of one process keep their order within a family: their addresses grow, so buckets stay sorted. */
static int compare_lines(const void *a, const void *b)
{
    const struct line *x = a;
    const struct line *y = b;
    int order = compare_families(x->sample->name, y->sample->name);
    return order != 0 ? order : (x->sample > y->sample) - (x->sample < y->sample);
}

static void write_help(struct buffer *out, const char *name)
{
    for (size_t i = 0; i < sizeof(helps) / sizeof(helps[0]); i++) {
        if (compare_families(helps[i].name, name) == 0) {
            buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", helps[i].name, helps[i].help, helps[i].name,
                          helps[i].type);
            return;
        }
    }
}

bool metric_text_write(struct buffer *out, const struct process_report reports[], size_t count)
{
    size_t total = 0;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        total += reports[i].sample_count;
    }
    struct line *lines = calloc(total + 1, sizeof(*lines));
    if (lines == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        for (unsigned k = 0; k < reports[i].sample_count; k++) {
            lines[used++] = (struct line){&reports[i], &reports[i].samples[k]};
        }
    }
    qsort(lines, used, sizeof(*lines), compare_lines);
    for (size_t i = 0; i < used; i++) {
        const struct metric_sample *sample = lines[i].sample;
        if (i == 0 || compare_families(lines[i - 1].sample->name, sample->name) != 0) {
            write_help(out, sample->name);
        }
        buffer_printf(out, "%s{role=\"%s\",instance=\"%u\"%s%s} %.17g\n", sample->name, lines[i].report->role,
                      lines[i].report->instance, sample->labels[0] != '\0' ? "," : "", sample->labels, sample->value);
    }
    free(lines);
    return !out->failed;
}
