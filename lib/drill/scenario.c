/* SPDX-License-Identifier: Apache-2.0
 * Fitting a scenario to the time and the machine at hand. */
#include "drill/scenario.h"

double scenario_seconds(const struct scenario *scenario)
{
    double seconds = 0;
    for (size_t i = 0; i < scenario->phase_count; i++) {
        seconds += scenario->phases[i].seconds;
    }
    return seconds;
}

double scenario_total(const struct scenario *scenario, enum scenario_kind kind)
{
    double total = 0;
    for (size_t i = 0; i < scenario->phase_count; i++) {
        const struct scenario_phase *phase = &scenario->phases[i];
        total += (phase->rate[kind].from + phase->rate[kind].to) / 2 * phase->seconds;
    }
    return total;
}

static void fit_phase(struct scenario_phase *phase, double scale, double stretch)
{
    phase->seconds *= stretch;
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        phase->rate[kind].from *= scale;
        phase->rate[kind].to *= scale;
    }
    for (size_t i = 0; i < phase->outage_count; i++) {
        phase->outages[i].at *= stretch;
        phase->outages[i].seconds *= stretch;
    }
}

void scenario_fit(struct scenario *scenario, double scale, double seconds)
{
    double whole = scenario_seconds(scenario);
    double stretch = seconds > 0 && whole > 0 ? seconds / whole : 1;
    double parties = (double)scenario->parties * scale;
    scenario->parties = parties > SCENARIO_PARTIES_MAX ? SCENARIO_PARTIES_MAX : parties < 1 ? 1 : (uint32_t)parties;
    for (size_t i = 0; i < scenario->phase_count; i++) {
        fit_phase(&scenario->phases[i], scale, stretch);
    }
}

static double weight_at(const void *items, size_t stride, size_t index)
{
    double weight;
    memcpy(&weight, (const char *)items + index * stride, sizeof(weight)); /* each item begins with it */
    return weight;
}

size_t scenario_pick(const void *items, size_t count, size_t stride, double unit)
{
    double whole = 0;
    for (size_t i = 0; i < count; i++) {
        whole += weight_at(items, stride, i);
    }
    double left = unit * whole;
    for (size_t i = 0; i + 1 < count; i++) {
        left -= weight_at(items, stride, i);
        if (left < 0) {
            return i;
        }
    }
    return count > 0 ? count - 1 : 0;
}
