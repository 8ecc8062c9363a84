/* SPDX-License-Identifier: Apache-2.0
 * Words and JSON. */
#include "drill/report.h"

#include <inttypes.h>

static double ms(int64_t duration_us)
{
    return (double)duration_us / 1000.0;
}

void report_line(const struct tally *tally, const struct scenario *scenario, char line[REPORT_LINE_MAX])
{
    const struct tally_sample *last = &tally->last;
    char left[32] = "";
    char phase[80];
    if (tally->draining) {
        (void)snprintf(phase, sizeof(phase), "waiting for the last answers");
    } else {
        (void)snprintf(phase, sizeof(phase), "%u/%zu %.40s%s", tally->phase + 1, scenario->phase_count,
                       scenario->phases[tally->phase].name.data, tally->outage ? " (network out)" : "");
        (void)snprintf(left, sizeof(left), ", %.0f s left",
                       tally->whole_s > tally->elapsed_s ? tally->whole_s - tally->elapsed_s : 0.0);
    }
    (void)snprintf(line, REPORT_LINE_MAX,
                   "%s: sent %" PRIu64 ", stored %" PRIu64 " + %" PRIu64 " by journal, put off %" PRIu64
                   ", %u in flight, p50 %.1f ms, p99 %.1f ms%s",
                   phase, tally->requests, tally->stored, tally->journalled, tally->shed, tally->in_flight,
                   ms(last->p50_us), ms(last->p99_us), left);
}

void report_tally_words(const struct tally *tally, FILE *out)
{
    uint64_t answers = tally->stored + tally->journalled;
    (void)fprintf(
        out, "%.1f s: %" PRIu64 " registrations, %" PRIu64 " check-ins, %" PRIu64 " texts, in %" PRIu64 " requests\n",
        tally->elapsed_s, tally->begun[0], tally->begun[1], tally->begun[2], tally->requests);
    (void)fprintf(out,
                  "answered: %" PRIu64 " stored in the database, %" PRIu64 " in the journal (%.0f a second); %" PRIu64
                  " put off with 503 or 429; %" PRIu64 " otherwise; %" PRIu64 " not answered\n",
                  tally->stored, tally->journalled, tally->elapsed_s > 0 ? (double)answers / tally->elapsed_s : 0.0,
                  tally->shed, tally->odd, tally->unanswered);
    (void)fprintf(out,
                  "on purpose: %" PRIu64 " sent twice, %" PRIu64 " out of order, %" PRIu64 " hours late, %" PRIu64
                  " cut off in the middle; %" PRIu64 " connections lost, %" PRIu64 " sent again after that\n",
                  tally->duplicates, tally->reordered, tally->late, tally->cut, tally->lost, tally->resent);
    if (tally->left_out > 0) {
        (void)fprintf(out, "left out: %" PRIu64 " texts, as no --gateway was given\n", tally->left_out);
    }
    if (tally->behind_most >= 1) {
        (void)fprintf(out, "most that waited at once for a free connection or for the network: %.0f\n",
                      tally->behind_most);
    }
    (void)fprintf(out, "%-14s %10s %10s %10s %10s %10s\n", "latency, ms", "answers", "p50", "p90", "p99", "longest");
    for (unsigned g = 0; g < GROUP_COUNT; g++) {
        const struct histogram *h = &tally->group[g];
        if (h->count > 0) {
            (void)fprintf(out, "%-14s %10" PRIu64 " %10.1f %10.1f %10.1f %10.1f\n", tally_group_names[g], h->count,
                          ms(histogram_quantile(h, 0.5)), ms(histogram_quantile(h, 0.9)),
                          ms(histogram_quantile(h, 0.99)), ms(h->longest_us));
        }
    }
}

static json_t *latency_json(const struct histogram *h)
{
    return json_pack("{s:I,s:f,s:f,s:f,s:f}", "answers", (json_int_t)h->count, "p50_ms", ms(histogram_quantile(h, 0.5)),
                     "p90_ms", ms(histogram_quantile(h, 0.9)), "p99_ms", ms(histogram_quantile(h, 0.99)), "longest_ms",
                     ms(h->longest_us));
}

json_t *report_tally_json(const struct tally *tally)
{
    const struct {
        const char *name;
        uint64_t count;
    } counts[] = {
        {"registrations", tally->begun[0]},
        {"check_ins", tally->begun[1]},
        {"texts", tally->begun[2]},
        {"requests", tally->requests},
        {"stored", tally->stored},
        {"journalled", tally->journalled},
        {"put_off", tally->shed},
        {"odd", tally->odd},
        {"different", tally->different},
        {"duplicates", tally->duplicates},
        {"reordered", tally->reordered},
        {"late", tally->late},
        {"cut", tally->cut},
        {"lost_connections", tally->lost},
        {"sent_again", tally->resent},
        {"unanswered", tally->unanswered},
        {"texts_left_out", tally->left_out},
    };
    static const char *const groups[GROUP_COUNT] = {"registration", "routine", "cry", "text"};
    json_t *object = json_object();
    json_t *latency = json_object();
    (void)json_object_set_new(object, "seconds",
                              json_real(tally->elapsed_s)); /* an answer that lacks one is seen by who asked */
    (void)json_object_set_new(object, "behind_most", json_real(tally->behind_most));
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        (void)json_object_set_new(object, counts[i].name, json_integer((json_int_t)counts[i].count));
    }
    for (unsigned g = 0; g < GROUP_COUNT; g++) {
        (void)json_object_set_new(latency, groups[g], latency_json(&tally->group[g]));
    }
    (void)json_object_set_new(latency, "all", latency_json(&tally->all));
    (void)json_object_set_new(object, "latency", latency);
    return object;
}

void report_verdict_words(const struct verdict *verdict, FILE *out)
{
    for (unsigned i = 0; i < verdict->listed_count; i++) {
        (void)fprintf(out, "  %s  %s\n", verdict->listed[i].id, verdict->listed[i].what);
    }
    if (verdict->failed) {
        (void)fputs("not verified: out of memory\n", out);
        return;
    }
    (void)fprintf(out,
                  "%s: %" PRIu64 " answered, %" PRIu64 " found in the register; %" PRIu64 " lost, %" PRIu64
                  " twice, %" PRIu64 " wrong, %" PRIu64 " never sent\n",
                  verdict_is_good(verdict) ? "All true" : "NOT TRUE", verdict->answered, verdict->found, verdict->lost,
                  verdict->twice, verdict->wrong, verdict->unheard);
    if (verdict->unseen > 0) {
        (void)fprintf(out, "not looked at: %" PRIu64 ", which the desk does not show (docs/drill.md)\n",
                      verdict->unseen);
    }
}

json_t *report_verdict_json(const struct verdict *verdict)
{
    json_t *listed = json_array();
    for (unsigned i = 0; i < verdict->listed_count; i++) {
        (void)json_array_append_new(
            listed, json_pack("{s:s,s:s}", "client_id", verdict->listed[i].id, "what", verdict->listed[i].what));
    }
    return json_pack("{s:b,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "true", verdict_is_good(verdict), "answered",
                     (json_int_t)verdict->answered, "found", (json_int_t)verdict->found, "lost",
                     (json_int_t)verdict->lost, "twice", (json_int_t)verdict->twice, "wrong",
                     (json_int_t)verdict->wrong, "never_sent", (json_int_t)verdict->unheard, "not_seen",
                     (json_int_t)verdict->unseen, "problems", listed);
}
