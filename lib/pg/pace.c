/* SPDX-License-Identifier: Apache-2.0
 * A rate, and a line, from fading sums. */
#include "pg/pace.h"

/* Half of what is known is forgotten whenever this much busy time was added: about two seconds of memory. */
static const double window_us = 1e6;

void pace_took(struct pace *pace, size_t count, size_t left, int64_t now_us)
{
    if (pace->since_us != 0 && now_us > pace->since_us) {
        pace->records += (double)count;
        pace->us += (double)(now_us - pace->since_us);
        pace->known_us = now_us;
        while (pace->us > window_us) {
            pace->records /= 2;
            pace->us /= 2;
        }
    } else if (pace->since_us != 0) {
        pace->records += (double)count; /* another connection took them at the same moment */
    }
    pace->since_us = left > 0 ? now_us : 0;
}

void pace_answered(struct pace *pace, size_t count, int64_t us)
{
    static const double kept = 0.95; /* about the last twenty */
    double n = (double)count, t = (double)us;
    pace->statements = pace->statements * kept + 1;
    pace->n = pace->n * kept + n;
    pace->t = pace->t * kept + t;
    pace->nn = pace->nn * kept + n * n;
    pace->nt = pace->nt * kept + n * t;
    pace->shared = pace->shared * kept + (count > 1 ? 1 : 0);
}

struct price {
    double fixed_us, record_us;
};

/* Least squares. Statements that were all alike do not tell the two costs apart: then it is all the records'. */
static struct price price_of(const struct pace *pace)
{
    static const double alike = 0.02;
    if (pace->n <= 0) {
        return (struct price){0, 0};
    }
    double spread = pace->statements * pace->nn - pace->n * pace->n;
    struct price price = {0, pace->t / pace->n};
    if (spread > alike * pace->n * pace->n) {
        double slope = (pace->statements * pace->nt - pace->n * pace->t) / spread;
        price.record_us = slope < 0 ? 0 : slope < price.record_us ? slope : price.record_us;
        price.fixed_us = (pace->t - price.record_us * pace->n) / pace->statements;
    }
    return price;
}

static size_t whole(double value, size_t most)
{
    return value < (double)most ? (size_t)value : most;
}

size_t pace_room(const struct pace *pace, int64_t within_us, unsigned connections, size_t guess_least, int64_t now_us)
{
    enum { A_LOT = 1 << 20 };
    static const double enough_us = 50e3; /* of busy time, before it counts as known */
    static const int64_t forgotten_us = 5000000;
    if (pace->us >= enough_us && now_us - pace->known_us < forgotten_us) {
        return whole(pace->records / pace->us * (double)within_us, A_LOT);
    }
    if (pace->n <= 0) {
        return A_LOT;
    }
    size_t guess = whole(pace->n / (pace->t + 1) * (double)within_us * connections, A_LOT);
    return guess > guess_least ? guess : guess_least;
}

size_t pace_at_once(const struct pace *pace, int64_t us, size_t most)
{
    enum { FEWEST = 16 }; /* so that statements of one, each of them slow, are found out to cost no more with several */
    struct price price = price_of(pace);
    double budget_us = price.fixed_us > (double)us ? price.fixed_us : (double)us;
    if (price.record_us * (double)most <= budget_us) {
        return most;
    }
    size_t count = whole(budget_us / price.record_us, most);
    return count > FEWEST ? count : FEWEST < most ? FEWEST : most;
}

int64_t pace_rest(const struct pace *pace, int64_t most_us)
{
    static const double often = 0.2, times = 4;
    if (pace->shared < often * pace->statements || pace->shared <= 0) {
        return 0;
    }
    double rest_us = times * pace->t / pace->statements;
    return rest_us < (double)most_us ? (int64_t)rest_us : most_us;
}
