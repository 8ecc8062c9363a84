/* SPDX-License-Identifier: Apache-2.0
 * The limit of the database: check-ins sent to PostgreSQL as ready-made statements of many rows, with no TLS, no HTTP and no sealing in
 * the measured time. Each connection is a process of its own with everything encoded before the clock starts. Prints one JSON line.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "pg/params.h"
#include "pg/statement.h"
#include "register.h"
#include "store/check_in_record.h"

enum { CONNECTIONS_MAX = 64, SEALED_BYTES = 105, STATEMENTS_MAX = 1000000 };

struct shared {
    volatile int ready, go;
    int64_t ended_us[CONNECTIONS_MAX];
    uint64_t stored[CONNECTIONS_MAX];
    int64_t median_us; /* of a statement, at the first connection */
};

static _Noreturn void fail(const char *what, const char *detail)
{
    (void)fprintf(stderr, "limit: %s: %s\n", what, detail);
    exit(1);
}

static struct check_in_record *make_record(uint64_t n, uint64_t parties, struct sealed_epoch *epoch)
{
    static const char filler[SEALED_BYTES] = {1};
    struct clock wall = clock_system();
    struct check_in_record *record = check_in_record_new(NULL);
    if (record == NULL) {
        fail("memory", "exhausted");
    }
    bool cries = register_cries(n);
    record->client_id = uuid_random();
    record->has_registration_id = true;
    record->registration_id = register_party(register_turn(n, parties));
    record->stranger_id = record->registration_id;
    random_fill(record->content_mac, sizeof(record->content_mac));
    record->status = cries ? SLICE("need_help") : SLICE("safe");
    record->band = cries ? 3 : 0;
    record->queue = cries ? SLICE("assistance") : SLICE("");
    record->received_us = (clock_now(&wall));
    record->respond_by_us = record->received_us + 60 * INT64_C(60) * MICROSECONDS_A_SECOND;
    record->language = SLICE("en");
    record->channel = SLICE("api");
    record->cell = SLICE("s1z0g");
    record->sealed_message = cries ? slice_make(filler, sizeof(filler)) : SLICE("");
    record->sealed_location = slice_make(filler, sizeof(filler));
    record->epoch = sealed_epoch_take(epoch);
    return record;
}

static struct pg_params *make_statements(uint64_t first, uint64_t count, unsigned rows, uint64_t parties, size_t *made)
{
    struct sealed_epoch epoch = {.confirmed = true, .references = 1};
    struct check_in_record *records[BATCH_MAX];
    size_t statements = (size_t)((count + rows - 1) / rows);
    struct pg_params *all = calloc(statements, sizeof(*all));
    if (all == NULL) {
        fail("memory", "exhausted");
    }
    for (size_t s = 0; s < statements; s++) {
        size_t in_this = 0;
        for (; in_this < rows && count > 0; in_this++, first++, count--) {
            records[in_this] = make_record(first, parties, &epoch);
        }
        pg_params_init(&all[s]);
        check_in_batch_kind.encode(&all[s], (const void *const *)records, in_this);
        for (size_t i = 0; i < in_this; i++) {
            check_in_record_free(records[i]);
        }
    }
    *made = statements;
    return all;
}

static PGresult *run(PGconn *conn, const char *name, const struct pg_params *params)
{
    const char *values[PG_PARAMS_MAX];
    int lengths[PG_PARAMS_MAX];
    int formats[PG_PARAMS_MAX];
    for (unsigned i = 0; i < params->count; i++) {
        values[i] = params->null[i] ? NULL : params->bytes.data + params->offset[i];
        lengths[i] = (int)params->length[i];
        formats[i] = 1;
    }
    return PQexecPrepared(conn, name, (int)params->count, values, lengths, formats, 1);
}

static int compare_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void child(const char *conninfo, struct shared *shared, unsigned me, uint64_t first, uint64_t count,
                  unsigned rows, uint64_t parties)
{
    const struct pg_statement_info *info = &pg_statement_table[check_in_batch_kind.statement];
    size_t statements = 0;
    struct pg_params *all = make_statements(first, count, rows, parties, &statements);
    PGconn *conn = PQconnectdb(conninfo);
    if (PQstatus(conn) != CONNECTION_OK) {
        fail("connection", PQerrorMessage(conn));
    }
    PQclear(PQprepare(conn, info->name, info->text, 0, NULL));
    __atomic_add_fetch(&shared->ready, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&shared->go, __ATOMIC_SEQ_CST)) {
        (void)usleep(1000);
    }
    int64_t *took_us = calloc(statements, sizeof(*took_us));
    if (took_us == NULL) {
        fail("memory", "exhausted");
    }
    for (size_t s = 0; s < statements; s++) {
        int64_t began_us = clock_monotonic();
        PGresult *result = run(conn, info->name, &all[s]);
        if (PQresultStatus(result) != PGRES_TUPLES_OK) {
            fail("statement", PQerrorMessage(conn));
        }
        for (int row = 0; row < PQntuples(result); row++) {
            shared->stored[me] += check_in_stored_row(result, row).outcome == STORE_NEW ? 1 : 0;
        }
        PQclear(result);
        took_us[s] = clock_monotonic() - began_us;
    }
    shared->ended_us[me] = clock_monotonic();
    qsort(took_us, statements, sizeof(*took_us), compare_time);
    if (me == 0) {
        shared->median_us = took_us[statements / 2];
    }
    PQfinish(conn);
    _exit(0);
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        (void)fprintf(stderr, "usage: limit CONNINFO CONNECTIONS ROWS_A_STATEMENT CHECK_INS PARTIES\n");
        return 2;
    }
    unsigned connections = (unsigned)strtoul(argv[2], NULL, 10), rows = (unsigned)strtoul(argv[3], NULL, 10);
    uint64_t total = strtoull(argv[4], NULL, 10), parties = strtoull(argv[5], NULL, 10), share = total / connections;
    struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED || connections == 0 || connections > CONNECTIONS_MAX || rows == 0 || rows > BATCH_MAX) {
        fail("arguments", "out of range");
    }
    for (unsigned i = 0; i < connections; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            child(argv[1], shared, i, share * i, i + 1 == connections ? total - share * i : share, rows, parties);
        } else if (pid < 0) {
            fail("fork", "failed");
        }
    }
    int status = 0;
    bool ok = true;
    while (__atomic_load_n(&shared->ready, __ATOMIC_SEQ_CST) < (int)connections) {
        if (waitpid(-1, &status, WNOHANG) > 0) {
            fail("a connection", "ended before it began");
        }
        (void)usleep(1000);
    }
    int64_t began_us = clock_monotonic(), ended_us = began_us;
    __atomic_store_n(&shared->go, 1, __ATOMIC_SEQ_CST);
    uint64_t stored = 0;
    while (wait(&status) > 0) {
        ok = ok && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    for (unsigned i = 0; i < connections; i++) {
        ended_us = shared->ended_us[i] > ended_us ? shared->ended_us[i] : ended_us;
        stored += shared->stored[i];
    }
    double seconds = (double)(ended_us - began_us) / 1e6;
    printf(
        "{\"stored\":%llu,\"rows_a_statement\":%u,\"connections\":%u,\"seconds\":%.3f,\"rate\":%.1f,\"p50_ms\":%.3f}\n",
        (unsigned long long)stored, rows, connections, seconds, (double)stored / seconds,
        (double)shared->median_us / 1e3);
    return ok && stored == total ? 0 : 1;
}
