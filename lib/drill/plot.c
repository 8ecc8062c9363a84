/* SPDX-License-Identifier: Apache-2.0
 * The drawing: answers a second above, latency on a logarithmic scale below, phases and outages behind both. */
#include "drill/plot.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH = 1000, HEIGHT = 560, LEFT = 70, RIGHT = 20, TOP = 70, PANEL = 190, GAP = 50, LINES = 4 };
#define INNER (WIDTH - LEFT - RIGHT)

struct plot {
    FILE *out;
    const struct tally *tally;
    double seconds;
    double rate_most;                   /* answers a second at the top */
    double latency_least, latency_most; /* powers of ten, in ms */
};

static double x_of(const struct plot *plot, double at_s)
{
    return LEFT + INNER * (at_s / plot->seconds);
}

static double y_of_rate(const struct plot *plot, double rate)
{
    return TOP + PANEL * (1 - rate / plot->rate_most);
}

static double y_of_latency(const struct plot *plot, double latency_ms)
{
    double least = log10(plot->latency_least), most = log10(plot->latency_most);
    double at = latency_ms > plot->latency_least ? (log10(latency_ms) - least) / (most - least) : 0;
    return TOP + PANEL + GAP + PANEL * (1 - at);
}

/* 1, 2 or 5 times a power of ten. */
static double round_up(double value)
{
    double power = pow(10, floor(log10(value > 1 ? value : 1)));
    double lead = value / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

static void measure(struct plot *plot)
{
    double rate = 1, least = 1e9, most = 1;
    for (unsigned i = 0; i < plot->tally->sample_count; i++) {
        const struct tally_sample *s = &plot->tally->samples[i];
        double all = (double)(s->stored + s->journalled + s->shed) / (s->span_s > 0.2 ? s->span_s : 0.2);
        rate = all > rate ? all : rate;
        least = s->p50_us > 0 && (double)s->p50_us / 1e3 < least ? (double)s->p50_us / 1e3 : least;
        most = (double)s->p99_us / 1e3 > most ? (double)s->p99_us / 1e3 : most;
    }
    plot->rate_most = round_up(rate);
    plot->latency_least = pow(10, floor(log10(least < most ? least : 0.1)));
    plot->latency_most = pow(10, ceil(log10(most)));
    if (plot->latency_most <= plot->latency_least) {
        plot->latency_most = plot->latency_least * 10;
    }
}

static void put_escaped(FILE *out, struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        switch (text.data[i]) {
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '&':
            (void)fputs("&amp;", out);
            break;
        default:
            (void)fputc(text.data[i], out);
        }
    }
}

static void draw_head(const struct plot *plot, const char *title)
{
    (void)fprintf(
        plot->out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" "
        "font-family=\"system-ui, sans-serif\" font-size=\"12\">\n"
        "<title>",
        WIDTH, HEIGHT, WIDTH, HEIGHT);
    put_escaped(plot->out, slice_of(title));
    (void)fputs(
        "</title>\n"
        "<style>text{fill:#333}.h{font-size:15px;font-weight:600}.grid{stroke:#ddd}.p{fill:#f4f6f8}.q{fill:#fff}"
        ".o{fill:#e8b4b0;opacity:.55}.s{fill:#2f6f9f}.j{fill:#e0a030}.d{fill:#c0392b}"
        ".l{fill:none;stroke-width:2;stroke-linejoin:round}.m{stroke:#2f6f9f}.n{stroke:#b0522d}</style>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        plot->out);
    (void)fprintf(plot->out, "<text class=\"h\" x=\"%d\" y=\"24\">", LEFT);
    put_escaped(plot->out, slice_of(title));
    (void)fputs("</text>\n", plot->out);
}

/* Bands of the phases over both panels, their names above where there is room, and the outages. */
static void draw_phases(const struct plot *plot, const struct scenario *scenario)
{
    double from = 0;
    const int height = 2 * PANEL + GAP;
    for (size_t i = 0; i < scenario->phase_count && from < plot->seconds; i++) {
        const struct scenario_phase *phase = &scenario->phases[i];
        double to = from + phase->seconds < plot->seconds ? from + phase->seconds : plot->seconds;
        double width = x_of(plot, to) - x_of(plot, from);
        (void)fprintf(plot->out, "<rect class=\"%c\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
                      i % 2 == 0 ? 'p' : 'q', x_of(plot, from), TOP, width, height);
        for (size_t k = 0; k < phase->outage_count; k++) {
            const struct scenario_outage *o = &phase->outages[k];
            if (from + o->at < plot->seconds) {
                (void)fprintf(plot->out, "<rect class=\"o\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
                              x_of(plot, from + o->at), TOP, INNER * o->seconds / plot->seconds, height);
            }
        }
        size_t room = (size_t)(width / 7.5); /* a name that has none is numbered */
        (void)fprintf(plot->out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">", x_of(plot, from) + width / 2,
                      TOP - 8);
        if (phase->name.length <= room) {
            put_escaped(plot->out, phase->name);
        } else {
            (void)fprintf(plot->out, "%zu", i + 1);
        }
        (void)fputs("</text>\n", plot->out);
        from = to;
    }
}

static void draw_axes(const struct plot *plot)
{
    for (int i = 0; i <= LINES; i++) {
        double rate = plot->rate_most * i / LINES;
        double y = y_of_rate(plot, rate);
        (void)fprintf(plot->out,
                      "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" "
                      "text-anchor=\"end\">%g</text>\n",
                      LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, rate);
    }
    for (double ms = plot->latency_least; ms <= plot->latency_most * 1.001; ms *= 10) {
        double y = y_of_latency(plot, ms);
        (void)fprintf(plot->out,
                      "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" "
                      "text-anchor=\"end\">%g</text>\n",
                      LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, ms);
    }
    double step = round_up(plot->seconds / 10);
    for (double at = 0; at <= plot->seconds; at += step) {
        (void)fprintf(plot->out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g s</text>\n", x_of(plot, at),
                      TOP + 2 * PANEL + GAP + 18, at);
    }
    (void)fprintf(plot->out,
                  "<text x=\"%d\" y=\"44\">Answers a second: <tspan fill=\"#2f6f9f\">■</tspan> database "
                  "<tspan fill=\"#e0a030\">■</tspan> journal <tspan fill=\"#c0392b\">■</tspan> put off; "
                  "<tspan fill=\"#e8b4b0\">■</tspan> the network was out</text>\n"
                  "<text x=\"%d\" y=\"%d\">Latency, ms: <tspan fill=\"#2f6f9f\">━</tspan> half of the answers within, "
                  "<tspan fill=\"#b0522d\">━</tspan> 99 %% within</text>\n",
                  LEFT, LEFT, TOP + PANEL + GAP - 14);
}

/* Bars, one class of answers on the other. */
static void draw_rates(const struct plot *plot)
{
    for (unsigned i = 0; i < plot->tally->sample_count; i++) {
        const struct tally_sample *s = &plot->tally->samples[i];
        const uint64_t counts[] = {s->stored, s->journalled, s->shed};
        double below = 0, span = s->span_s > 0.2 ? s->span_s : 0.2;
        double width = INNER * s->span_s / plot->seconds;
        for (unsigned k = 0; k < 3; k++) {
            double rate = (double)counts[k] / span;
            if (rate > 0) {
                (void)fprintf(plot->out, "<rect class=\"%c\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
                              "sjd"[k], x_of(plot, s->at_s), y_of_rate(plot, below + rate),
                              width > 1.5 ? width - 0.7 : width, PANEL * rate / plot->rate_most);
            }
            below += rate;
        }
    }
}

/* A line breaks where nothing was answered. */
static void draw_latency(const struct plot *plot, bool median, char class)
{
    bool pen = false;
    (void)fprintf(plot->out, "<path class=\"l %c\" d=\"", class);
    for (unsigned i = 0; i < plot->tally->sample_count; i++) {
        const struct tally_sample *s = &plot->tally->samples[i];
        int64_t latency_us = median ? s->p50_us : s->p99_us;
        if (latency_us > 0) {
            (void)fprintf(plot->out, "%c%.1f %.1f", pen ? 'L' : 'M', x_of(plot, s->at_s + s->span_s / 2),
                          y_of_latency(plot, (double)latency_us / 1e3));
        }
        pen = latency_us > 0;
    }
    (void)fputs("\"/>\n", plot->out);
}

bool plot_write(const struct tally *tally, const struct scenario *scenario, const char *title, const char *path,
                struct error *error)
{
    struct plot plot = {
        .out = fopen(path, "we"), .tally = tally, .seconds = tally->elapsed_s > 1 ? tally->elapsed_s : 1};
    if (plot.out == NULL) {
        return error_set_errno(error, "drill.plot", "cannot write %s", path);
    }
    measure(&plot);
    draw_head(&plot, title);
    draw_phases(&plot, scenario);
    draw_axes(&plot);
    draw_rates(&plot);
    draw_latency(&plot, true, 'm');
    draw_latency(&plot, false, 'n');
    (void)fputs("</svg>\n", plot.out);
    bool bad = ferror(plot.out) != 0;
    bad = fclose(plot.out) != 0 || bad;
    return !bad || error_set(error, ERROR_IO, "drill.plot", "%s could not be written", path);
}
