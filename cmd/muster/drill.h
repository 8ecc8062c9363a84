/* SPDX-License-Identifier: Apache-2.0
 * The parts of `muster drill`. */
#ifndef MUSTER_DRILL_H
#define MUSTER_DRILL_H

#include "cli.h"
#include "drill/report.h"
#include "drill/target.h"

/* Plays argv's scenario, writes the ledger, verifies. */
int drill_play(struct cli *cli, const char *scenario);
/* Verifies what a ledger says. */
int drill_verify(struct cli *cli, const char *ledger);
/* Removes what is marked. */
int drill_clean(struct cli *cli);

/* The way to look at the register that the options ask for: "--desk URL --token-file FILE", or the database. */
struct drill_look {
    const char *desk_url, *token_file, *database_url;
    long wait_s; /* for the journal */
};
/* False, said, when none is to be had and one was asked for; `*possible` when there is one. */
bool drill_look_read(struct cli *cli, struct drill_look *look, bool *possible);
/* Looks until all that was answered is there or the time is over. False, said, when the register could not be seen. */
bool drill_look(struct cli *cli, const struct drill_look *look, struct roll *roll, bool ended, struct verdict *verdict);
/* As drill_look, through the desk. */
bool drill_look_at_desk(struct cli *cli, const struct drill_look *look, struct roll *roll, bool ended,
                        struct verdict *verdict);

/* A whole number option; false, said, when it is none in the range. */
bool drill_number(struct cli *cli, const char *name, uint64_t least, uint64_t most, uint64_t *value);
/* The certificates to trust: --ca, else the server's own on this machine, else NULL. */
const char *drill_ca_file(struct cli *cli);

#endif
