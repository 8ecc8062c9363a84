/* SPDX-License-Identifier: Apache-2.0
 * A broadcast as it stands: who, what, how many, and what may be done with it now. Drawn anew from what the server said, but only when that changed,
 * so that nothing moves under a finger and the focus stays. */
import { audienceWords, duration, element, known, language, moment, money, number, people, plural, settings, tell } from "./broadcast_words.js";

const HELP = ["in_danger", "injured", "need_help"];
const mayWork = () => settings.role === "officer" || settings.role === "lead";
const total = (counts, names) => names.reduce((sum, name) => sum + (counts?.[name] ?? 0), 0);

export const stateWords = (one) =>
  (one.state === "stopped" && !one.started_at ? tell("state_dropped") : known(`state_${one.state}`) ?? one.state);

/* --- figures -------------------------------------------------------------------------------------------------------------------- */
/* Of a broadcast that was let go: { all, done, out, waiting, ... }. Texts that were filled but stopped count as not gone. */
export function figures(one) {
  const progress = one.progress ?? {};
  const ended = one.state === "stopped" || one.state === "finished";
  const all = one.state === "finished" ? one.filled : Math.max(one.recipients, one.filled);
  const out = total(progress, ["sent", "delivered", "unsure", "wired"]);
  const failed = progress.failed ?? 0;
  const done = ended ? all : Math.min(all, total(progress, ["sent", "delivered", "unsure", "failed"]));
  return { all, done, out, failed, sent: progress.sent ?? 0, delivered: progress.delivered ?? 0, unsure: progress.unsure ?? 0,
    wired: progress.wired ?? 0, waiting: ended ? 0 : Math.max(0, all - out - failed), never: Math.max(0, all - out) };
}

const fact = (name, ...value) => element("div", {}, element("dt", { textContent: name }), element("dd", {}, value));

function progressBar(f, key = "progress") {
  const words = tell(key, { done: number(f.done), all: people(f.all) });
  return [element("label", { htmlFor: "progress", className: "figure" }, words),
    element("progress", { id: "progress", max: Math.max(1, f.all), value: f.done, textContent: words })];
}

function became(one, f) {
  const stopped = one.state === "stopped";
  return element("dl", { className: "figures" },
    fact(tell("is_delivered"), number(f.delivered)), fact(tell("is_sent"), number(f.sent)),
    f.wired > 0 ? fact(tell("is_wired"), number(f.wired)) : null,
    f.unsure > 0 ? fact(tell("is_unsure"), number(f.unsure)) : null,
    stopped ? fact(tell("is_not_sent"), number(f.never)) : fact(tell("is_failed"), number(f.failed)),
    stopped || one.state === "finished" ? null : fact(tell("is_waiting"), number(f.waiting)));
}

function answers(one) {
  const said = one.answers ?? {};
  const safe = said.safe ?? 0;
  const help = total(said, HELP);
  const other = Object.values(said).reduce((sum, count) => sum + count, 0) - safe - help;
  return element("section", {}, element("h3", { textContent: tell("answers") }),
    element("dl", { className: "figures" }, fact(tell("answer_safe"), number(safe)), fact(tell("answer_help"), element("b", { className: help > 0 ? "late" : "" }, number(help))),
      fact(tell("answer_other"), number(other))), element("p", { className: "hint", textContent: tell("answers_hint") }));
}

/* --- what it says, to whom -------------------------------------------------------------------------------------------------------- */
const text = (one, index, all) => element("li", {},
  element("p", {}, element("b", { textContent: language(one.language) }), " · ", people(one.recipients), " · ", plural("segments_each", one.segments),
    index === 0 ? element("span", { className: "hint", textContent: ` · ${all.length > 1 ? tell("first_text") : tell("only_text")}` }) : null),
  one.unreadable ? element("p", { className: "problem", textContent: tell("unreadable") }) : element("p", { className: "quote", lang: one.language, dir: "auto", textContent: one.text ?? "" }));

function content(one) {
  const rest = [one.no_number > 0 ? plural("no_number", one.no_number) : one.recipients > 0 ? tell("no_number_none") : "", one.opted_out > 0 ? plural("opted_out", one.opted_out) : ""];
  return [element("section", {}, element("h3", { textContent: tell("who") }), audienceWords(one.audience), rest.filter(Boolean).map((line) => element("p", { textContent: line }))),
    element("section", {}, element("h3", { textContent: tell("what") }), element("ul", { className: "texts" }, one.texts.map(text)))];
}

function costWords(one) {
  const texts = plural("segments_all", one.segments);
  return one.cost ? tell("cost", { texts, cost: money(one.cost) }) : tell("cost_unknown", { texts });
}

/* Honest about what does not fit: at this pace some would not get it. */
function paceWords(one) {
  const seconds = one.recipients / one.texts_a_second;
  const fits = one.hours * 3600 * one.texts_a_second;
  const pace = tell("pace_words", { rate: plural("a_second", one.texts_a_second), time: duration(seconds), hours: plural("hours_long", one.hours) });
  return [element("p", { textContent: pace }), one.recipients > fits
    ? element("p", { className: "problem", textContent: tell("pace_too_slow", { people: people(one.recipients - fits) }) }) : null];
}

const warning = (words) => element("p", { className: "problem", textContent: words });

/* --- by state ----------------------------------------------------------------------------------------------------------------------- */
const button = (words, run, className = "") => element("button", { type: "button", className, onclick: run, textContent: words });
const count = (one) => element("p", { className: "count" }, element("b", { textContent: number(one.recipients) }), " ", plural("people_word", one.recipients));

/* What it takes, before anything can go out. */
const takes = (one) => [one.recipients > 0 ? element("p", { textContent: costWords(one) }) : null, one.recipients > 0 ? paceWords(one) : null];

/* A large register is counted while we look on. */
const beingCounted = (one, acts) => [element("p", { className: "note", textContent: tell("counting_large") }), element("progress", { ariaLabel: tell("counting") }),
  element("div", { className: "buttons" }, one.mine && mayWork() ? button(tell("drop"), () => acts.stop(one)) : null), content(one)];

function draft(one, acts) {
  if (one.counting) {
    return beingCounted(one, acts);
  }
  const blocked = one.recipients === 0 ? tell("nobody") : one.gateway ? "" : tell("no_gateway");
  const needs = one.needs_approval ? tell("needs_approval", { above: number(one.approval_above) }) : "";
  const send = one.needs_approval ? plural("propose", one.recipients) : plural("send", one.recipients);
  const mine = one.mine && mayWork();
  return [count(one), takes(one), blocked ? warning(blocked) : null, needs && !blocked ? element("p", { className: "note", textContent: needs }) : null,
    one.mine ? null : element("p", { textContent: tell("draft_of", { author: one.author }) }),
    element("div", { className: "buttons" },
      mine && !blocked ? button(send, () => acts.send(one, one.needs_approval ? "propose" : "send"), "main big") : null,
      mine && acts.canChange ? button(tell("change"), acts.change) : null,
      mine ? button(tell("count_again"), acts.refresh) : null,
      mine ? button(tell("drop"), () => acts.stop(one)) : null),
    one.counted_at ? element("p", { className: "hint" }, tell("counted"), " ", moment(one.counted_at), ". ", tell("count_good")) : null, content(one)];
}

function proposed(one, acts) {
  const note = element("p", { className: "note", textContent: one.mine ? tell("waits_for_second", { above: number(one.approval_above) }) : tell("asks_approval", { author: one.author }) });
  return [count(one), note, takes(one), one.gateway ? null : warning(tell("no_gateway")),
    mayWork() ? element("div", { className: "buttons" },
      one.mine ? null : button(plural("approve", one.recipients), () => acts.send(one, "approve"), "main big"),
      button(tell(one.mine ? "withdraw" : "refuse"), () => acts.stop(one))) : null, content(one)];
}

function running(one, acts) {
  const f = figures(one);
  return [progressBar(f),
    mayWork() ? element("div", { className: "buttons" }, button(tell("stop"), () => acts.stop(one), "stop big"),
      element("p", { className: "hint", textContent: tell("stop_hint") })) : null,
    became(one, f), one.expires_at ? element("p", { className: "hint" }, tell("until"), " ", moment(one.expires_at)) : null, answers(one), content(one)];
}

function ended(one) {
  if (!one.started_at) {
    return [element("p", { className: "note", textContent: tell("dropped", { by: one.ended_by ?? "?" }) }), content(one)];
  }
  const f = figures(one);
  const stopped = one.state === "stopped";
  const how = stopped ? (one.ended_by ? tell("stopped_by", { by: one.ended_by }) : known(`reason_${one.reason}`) ?? tell("stopped_itself")) : tell("finished");
  return [element("p", { className: "note" }, element("b", { textContent: how }), " ",
    stopped ? plural("stopped_out", f.out, { never: people(f.never) }) : known(`reason_${one.reason}`) ?? ""),
    stopped ? progressBar({ ...f, done: f.out }, "went_out") : progressBar(f), became(one, f), answers(one), content(one)];
}

function when(one) {
  const said = [[tell("written"), one.created_at, one.author], [tell("asked"), one.proposed_at, null], [tell("started"), one.started_at, one.approved_by],
    [tell("ended"), one.ended_at, one.ended_by]];
  return element("p", { className: "hint when" }, said.filter(([, at]) => at).map(([what, at, by], index) =>
    [index > 0 ? " · " : "", `${what} `, moment(at), by ? ` ${tell("by", { name: by })}` : ""]));
}

/* The parts of the page for one broadcast. `acts`: send(one, what), stop(one), refresh(), change(), canChange. */
export function drawOne(one, acts) {
  const parts = { draft, proposed, running, stopped: ended, finished: ended }[one.state] ?? ended;
  return [element("h2", { tabIndex: -1 }, element("span", { className: `mark is-${one.state}` }), stateWords(one)), when(one), ...parts(one, acts)].flat(3).filter(Boolean);
}
