/* SPDX-License-Identifier: Apache-2.0
 * A sender who is not in the register: words of their texts that may be names, each a touch from the search. Guesses only; the officer decides. */
import { byId, element } from "./desk_kit.js";
import { words } from "./console_words.js";

const MOST = 6;
/* What texts to us are full of and nobody is called, in the languages of the service. */
const COMMON = new Set(("help sos safe danger please need needs come hurt injured trapped urgent medical emergency evacuate evacuation the and are our with from near have this that here there "
  + "for was not you your has can will they them she his her who where what when how its all out but now still very hello thanks thank name baby child children wife husband son daughter "
  + "mother father people person airport embassy border town road house hotel school hospital phone water food medicine passport american citizen citizens "
  + "aide aidez secours danger urgence besoin blesse blessee svp vite nous sommes suis avec dans pour les des une est pas mon mes notre moi appelle ici bonjour merci enfant enfants femme mari "
  + "hopital ecole maison route ville eau ambassade passeport niger niamey zinder maradi agadez tahoua dosso diffa tillaberi "
  + "taimako lafiya hatsari muna ina don allah suna sunana yara gida asibiti ruwa ikon gakas bani").split(" "));
const plain = (word) => word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const INTRODUCED = /(?:my name is|i am|i'm|this is|je m'appelle|je suis|c'est|ici|suna(?:na)?|ni ne|ma(?:y)? ?ti)\s+((?:[\p{L}'’-]+\s*){1,3})/giu;

const isName = (word) => [...word].length >= 3 && !COMMON.has(plain(word));

/* Runs of words with capitals first, and what stands where people say their name; in a text that is all capitals, each run of words that are not common. */
export function namesIn(text) {
  const found = [];
  const add = (list) => {
    const kept = list.filter(isName).slice(0, 4);
    if (kept.length > 0) {
      found.push(kept.join(" "));
    }
  };
  for (const [, said] of text.matchAll(INTRODUCED)) {
    add(said.trim().split(/\s+/));
  }
  let run = [];
  for (const part of text.match(/[\p{L}][\p{L}'’-]*|[^\p{L}\s]+/gu) ?? []) {
    if (/^\p{Lu}/u.test(part) && isName(part)) {
      run.push(part);
    } else {
      add(run);
      run = [];
    }
  }
  add(run);
  const numbers = (text.match(/\+?[0-9][0-9 .-]{6,16}[0-9]/g) ?? []).map((number) => number.trim());
  return [...found, ...numbers];
}

function searchFor(text) {
  const box = byId("q");
  document.dispatchEvent(new CustomEvent("muster:list")); /* on a phone the list is another screen */
  box.value = text;
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Null for who is known, and where no text has such words. */
export function whoMayItBe(one) {
  if (one.known !== false) {
    return null;
  }
  const said = (one.check_ins ?? []).flatMap((item) => namesIn(item.message ?? ""));
  const heard = (one.check_ins ?? []).map((item) => item.sender).filter((sender) => /^\+[0-9]{7,15}$/.test(sender ?? ""));
  const offered = [...new Map([...said, ...heard].map((text) => [plain(text), text])).values()].slice(0, MOST);
  return element("section", { className: "who" }, element("h3", { textContent: words("who") }), element("p", { textContent: words("who_hint") }),
    offered.length > 0 ? element("div", { className: "buttons" }, offered.map((text) => element("button", { type: "button", textContent: words("who_search", { words: text }), onclick: () => searchFor(text) })))
      : element("p", { className: "hint", textContent: words("who_none") }));
}
