/* SPDX-License-Identifier: Apache-2.0
 * Playing: options and the scenario in, the player wired up, progress out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "domain/exercise.h"
#include "drill.h"
#include "drill/ledger.h"
#include "drill/player.h"
#include "drill/plot.h"

enum { CONNECTIONS = 64, SAY_EVERY_SECONDS = 10, SECRET_MAX = 128, ARENA_MAX = 4 << 20 };

/* All that one drill needs, in the order it is made. */
struct play {
    struct cli *cli;
    struct arena arena;
    struct scenario scenario;
    struct target target;
    struct roll roll;
    struct ledger ledger;
    struct tally *tally;
    char drill[EXERCISE_DRILL_DIGITS + 1];
    char ledger_path[4096];
    char secret[SECRET_MAX];
    struct player_config config;
    bool terminal;
    double said_s;
};

static bool fail(struct play *play, const struct error *error)
{
    (void)cli_fail(play->cli, error);
    return false;
}

static bool read_scenario(struct play *play, const char *path)
{
    struct error error = {.code = ERROR_NONE};
    struct scenario_faults faults;
    FILE *file = fopen(path, "re");
    char *text = arena_alloc(&play->arena, SCENARIO_FILE_MAX + 1);
    if (file == NULL || text == NULL) {
        if (file != NULL) {
            (void)fclose(file); /* nothing was read */
        }
        (void)error_set_errno(&error, "drill.scenario", "cannot read %s", path);
        return fail(play, &error);
    }
    size_t length = fread(text, 1, SCENARIO_FILE_MAX + 1, file);
    (void)fclose(file); /* only read from */
    if (length <= SCENARIO_FILE_MAX &&
        scenario_read(&play->scenario, &play->arena, slice_make(text, length), &faults)) {
        return true;
    }
    for (size_t i = 0; length <= SCENARIO_FILE_MAX && i < faults.count; i++) {
        (void)fprintf(stderr, "%s: %s %s\n", path, faults.items[i].path, faults.items[i].what);
    }
    (void)error_set(&error, ERROR_INVALID, "drill.scenario", "%s is no scenario (docs/drill.md)", path);
    return fail(play, &error);
}

static bool fit_scenario(struct play *play)
{
    double scale = 1, seconds = 0;
    const char *scale_text = cli_option(play->cli, "--scale");
    const char *seconds_text = cli_option(play->cli, "--seconds");
    if ((scale_text != NULL && (!slice_to_double(slice_of(scale_text), &scale) || scale < 1e-6 || scale > 1e6)) ||
        (seconds_text != NULL &&
         (!slice_to_double(slice_of(seconds_text), &seconds) || seconds < 1 || seconds > 1e6))) {
        (void)fputs("muster drill: --scale and --seconds must be numbers above 0\n", stderr);
        return false;
    }
    scenario_fit(&play->scenario, scale, seconds);
    return true;
}

static bool options_are_whole(const struct play *play)
{
    struct drill_look look;
    bool possible = false;
    if ((cli_option(play->cli, "--gateway") != NULL) != (cli_option(play->cli, "--secret-file") != NULL)) {
        (void)fputs("muster drill: --gateway and --secret-file belong together\n", stderr);
        return false;
    }
    return drill_look_read(play->cli, &look, &possible);
}

static bool is_open(const json_t *crises, struct slice id)
{
    size_t i;
    const json_t *crisis;
    json_array_foreach(crises, i, crisis)
    {
        const char *own = json_string_value(json_object_get(crisis, "id"));
        if (own != NULL && slice_equal(slice_of(own), id)) {
            return true;
        }
    }
    return false;
}

/* The one that was said, or the only open one. In one that is not open nobody can register, and what strangers say comes to another. */
static bool choose_crisis(struct play *play, const json_t *crises, struct error *error)
{
    struct slice *crisis = &play->config.frame.crisis;
    const char *only = json_string_value(json_object_get(json_array_get(crises, 0), "id"));
    size_t open = json_array_size(crises);
    if (crisis->length > 0) {
        return is_open(crises, *crisis) ||
               error_set(error, ERROR_INVALID, "drill.crisis", "the crisis %.*s is not open", SLICE_ARGS(*crisis));
    }
    if (open != 1 || only == NULL) {
        return error_set(error, ERROR_INVALID, "drill.crisis", "%zu crises are open: say which with --crisis", open);
    }
    *crisis = arena_dup(&play->arena, slice_of(only));
    return crisis->length > 0 || error_set(error, ERROR_NOMEM, "drill.crisis", "out of memory");
}

static bool find_crisis(struct play *play)
{
    struct error error = {.code = ERROR_NONE};
    unsigned status = 0;
    struct slice body;
    const char *given = cli_option(play->cli, "--crisis");
    play->config.frame.crisis = given != NULL ? slice_of(given) : play->scenario.crisis;
    if (!target_get(&play->target, &play->arena, "/api/v1/crises", NULL, &status, &body, &error)) {
        return fail(play, &error);
    }
    json_t *answer = json_loadb(body.data, body.length, 0, NULL);
    bool chosen = choose_crisis(play, json_object_get(answer, "crises"), &error);
    json_decref(answer);
    return chosen || fail(play, &error);
}

static bool find_server(struct play *play)
{
    struct error error = {.code = ERROR_NONE};
    const char *url = cli_option(play->cli, "--url");
    const char *secret_file = cli_option(play->cli, "--secret-file");
    const char *gateway = cli_option(play->cli, "--gateway");
    if (!target_init(&play->target, url != NULL ? url : play->cli->configuration.public_url, drill_ca_file(play->cli),
                     &error)) {
        return fail(play, &error);
    }
    if (gateway != NULL) {
        if (!cli_first_line(play->cli, secret_file, play->secret, sizeof(play->secret))) {
            return false;
        }
        play->config.frame.gateway = slice_of(gateway);
        play->config.frame.secret = slice_of(play->secret);
    }
    play->config.frame.host = slice_of(play->target.authority);
    return find_crisis(play);
}

static bool open_ledger(struct play *play)
{
    struct error error = {.code = ERROR_NONE};
    uint64_t seed = 0;
    uint32_t drill = 0;
    const char *path = cli_option(play->cli, "--ledger");
    random_fill(&seed, sizeof(seed));
    random_fill(&drill, sizeof(drill));
    drill &= EXERCISE_DRILL_MAX;
    if (!drill_number(play->cli, "--seed", 0, UINT64_MAX, &seed)) {
        return false;
    }
    (void)exercise_drill_format(drill, play->drill);
    if (path != NULL) {
        (void)snprintf(play->ledger_path, sizeof(play->ledger_path), "%s", path);
    } else {
        (void)snprintf(play->ledger_path, sizeof(play->ledger_path), "muster-drill-%s.ledger", play->drill);
    }
    if (!roll_init(&play->roll, drill, seed, play->scenario.parties)) {
        (void)error_set(&error, ERROR_NOMEM, "drill", "out of memory for %u parties", play->scenario.parties);
        return fail(play, &error);
    }
    return ledger_open(&play->ledger, play->ledger_path, &play->roll, play->config.frame.crisis, &error) ||
           fail(play, &error);
}

/* On a terminal one line that is written anew, else a line now and then; on standard error, so that standard output is the answer. */
static void say_second(void *context, const struct tally *tally)
{
    struct play *play = context;
    char line[REPORT_LINE_MAX];
    if (!play->terminal && tally->elapsed_s - play->said_s < SAY_EVERY_SECONDS) {
        return;
    }
    play->said_s = tally->elapsed_s;
    report_line(tally, &play->scenario, line);
    (void)fprintf(stderr, play->terminal ? "\r\033[K%.200s" : "%s\n", line);
}

static bool play_it(struct play *play)
{
    struct error error = {.code = ERROR_NONE};
    struct error late = {.code = ERROR_NONE};
    play->config.frame.scenario = &play->scenario;
    play->config.frame.roll = &play->roll;
    play->config.target = &play->target;
    play->config.roll = &play->roll;
    play->config.ledger = &play->ledger;
    play->config.on_second = say_second;
    play->config.context = play;
    play->terminal = isatty(STDERR_FILENO) == 1;
    if (!play->cli->json) {
        (void)fprintf(stderr,
                      "Drill %s against %s, crisis %.*s. Ledger: %s\n"
                      "Take it out again with: muster drill --clean --drill %s\n",
                      play->drill, play->target.authority, SLICE_ARGS(play->config.frame.crisis), play->ledger_path,
                      play->drill);
    }
    bool played = player_run(&play->config, play->tally, &error);
    if (play->terminal) {
        (void)fputc('\n', stderr);
    }
    bool kept = ledger_close(&play->ledger, &play->roll, &late);
    if (!played) {
        return fail(play, &error);
    }
    return kept || fail(play, &late);
}

static bool draw(struct play *play)
{
    struct error error = {.code = ERROR_NONE};
    char title[128];
    const char *path = cli_option(play->cli, "--plot");
    if (path == NULL) {
        return true;
    }
    (void)snprintf(title, sizeof(title), "Drill %s: %llu registrations, %llu check-ins, %llu texts", play->drill,
                   (unsigned long long)play->tally->begun[0], (unsigned long long)play->tally->begun[1],
                   (unsigned long long)play->tally->begun[2]);
    return plot_write(play->tally, &play->scenario, title, path, &error) || fail(play, &error);
}

static int conclude(struct play *play)
{
    struct drill_look look;
    struct verdict verdict = {.failed = false};
    bool possible = false;
    bool good = play->tally->odd == 0 && play->tally->different == 0 && play->tally->unanswered == 0;
    if (!drill_look_read(play->cli, &look, &possible)) {
        return CLI_USAGE;
    }
    bool verified = possible && !cli_flag(play->cli, "--no-verify");
    if (!play->cli->json) {
        report_tally_words(play->tally, stdout);
    }
    if (verified && !drill_look(play->cli, &look, &play->roll, true, &verdict)) {
        return CLI_FAILED;
    }
    good = good && (!verified || verdict_is_good(&verdict));
    if (play->cli->json) {
        (void)cli_answer(play->cli,
                         json_pack("{s:s,s:s,s:o,s:o}", "drill", play->drill, "ledger", play->ledger_path, "played",
                                   report_tally_json(play->tally), "verified",
                                   verified ? report_verdict_json(&verdict) : json_null()),
                         "%s", "");
    } else if (verified) {
        report_verdict_words(&verdict, stdout);
    } else {
        (void)puts("Not verified: give --database, or --desk and --token-file.");
    }
    verdict_release(&verdict);
    return good ? CLI_DONE : CLI_FAILED;
}

int drill_play(struct cli *cli, const char *scenario)
{
    struct play play = {.cli = cli, .ledger.fd = -1, .tally = calloc(1, sizeof(*play.tally))};
    uint64_t connections = CONNECTIONS;
    int status = CLI_FAILED;
    arena_init(&play.arena, ARENA_MAX);
    if (!drill_number(cli, "--connections", 1, PLAYER_CONNECTIONS_MAX, &connections)) {
        status = CLI_USAGE;
    } else if (play.tally != NULL) {
        play.config.connections = (unsigned)connections;
        if (!read_scenario(&play, scenario) || !fit_scenario(&play) || !options_are_whole(&play)) {
            status = CLI_USAGE;
        } else if (find_server(&play) && open_ledger(&play) && play_it(&play) && draw(&play)) {
            status = conclude(&play);
        }
    }
    target_release(&play.target);
    roll_release(&play.roll);
    arena_release(&play.arena);
    free(play.tally);
    return status;
}
