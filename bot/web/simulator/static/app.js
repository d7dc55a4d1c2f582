// The page: heading tools, tabs on small screens, a phone for every person, and the news that feeds them.

import { button, el, face, roleOf, t, toast, useTexts } from "./dom.js";
import { addPerson, faults } from "./dialogs.js";
import { inside, tomorrow } from "./inside.js";
import { begin, listen, state } from "./net.js";
import { Phone } from "./phone.js";
import { show as showTour, startTour } from "./tour.js";

const LANGUAGE = "saan-simulator-language";

class Store {
  constructor() {
    this.entries = new Map();
  }

  put(entries) {
    for (const entry of entries) this.entries.set(entry.id, entry);
  }

  of(chat) {
    return [...this.entries.values()].filter((entry) => entry.chat === chat);
  }
}

const store = new Store();
const phones = new Map();
let texts = {};
let chosen = null;

const remembered = () => {
  try {
    return localStorage.getItem(LANGUAGE);
  } catch {
    return null;
  }
};

function speak(language) {
  try {
    localStorage.setItem(LANGUAGE, language);
  } catch {
    // A browser that keeps nothing still switches for this visit.
  }
  useTexts(texts, language);
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  document.getElementById("tabs").setAttribute("aria-label", t("phones"));
  document.title = [t("title"), document.querySelector(".top-city")?.textContent].filter(Boolean).join(" · ");
  tools();
  for (const phone of phones.values()) {
    phone.build();
  }
  tabs();
  showTour();
}

let toolsDrawn = "";

function tools() {
  const key = JSON.stringify([state.quota, state.faults, t("language")]);
  if (key === toolsDrawn) return;
  toolsDrawn = key;
  const { limit, used } = state.quota;
  const meter = el(
    "span",
    { class: "quota", title: t("quota") },
    `${t("quota")} `,
    el("b", { text: limit ? `${used} / ${limit}` : String(used) }),
  );
  document.getElementById("tools").replaceChildren(
    meter,
    button(t("tour"), "play", () => startTour({ phones, choose }), "main"),
    ...(state.inside
      ? [button(t("tomorrow"), "sun", tomorrow), button(t("inside"), "eye", inside)]
      : []),
    button(t("add_person"), "person", () =>
      addPerson((id) => {
        chosen = id;
        tabs();
        phones.get(id)?.node.scrollIntoView({ inline: "end" });
      }),
    ),
    button(
      t("faults"),
      "bolt",
      faults,
      state.faults.down || state.faults.failures || state.faults.monthly_limit || state.faults.not_ready ? "on" : "",
    ),
    button(t("language"), "globe", () => speak(t("language_code"))),
  );
}

function people() {
  const main = document.getElementById("phones");
  for (const person of state.people) {
    const phone = phones.get(person.id);
    if (phone) {
      phone.update(person);
      continue;
    }
    phones.set(person.id, new Phone(person, store));
    main.append(phones.get(person.id).node);
  }
  chosen ??= state.people[0]?.id;
}

let tabsDrawn = "";

function tabs() {
  for (const [id, phone] of phones) phone.node.classList.toggle("chosen", id === chosen);
  const key = JSON.stringify([
    chosen,
    [...phones.values()].map(({ person, unread }) => [person.id, person.name, roleOf(person), unread]),
  ]);
  if (key === tabsDrawn) return;
  tabsDrawn = key;
  const row = document.getElementById("tabs");
  const focused = document.activeElement?.dataset?.person;
  row.replaceChildren(
    ...[...phones.values()].map(({ person, unread }) =>
      el(
        "button",
        {
          type: "button",
          role: "tab",
          class: "tab",
          "data-person": person.id,
          "aria-selected": String(person.id === chosen),
          "aria-controls": `phone-${person.id}`,
          tabindex: person.id === chosen ? "0" : "-1",
          onclick: () => choose(person.id),
          onkeydown: (event) => turn(event, person.id),
        },
        face(person.id, person.name),
        el(
          "span",
          { class: "tab-words", text: person.name },
          roleOf(person) && el("small", { text: roleOf(person) }),
        ),
        unread > 0 &&
          person.id !== chosen &&
          el("b", { class: "badge", text: String(unread), title: t("new_messages") }),
      ),
    ),
  );
  row.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (focused) row.querySelector('[aria-selected="true"]')?.focus();
}

function choose(id) {
  chosen = id;
  phones.get(id).unread = 0;
  tabs();
  phones.get(id).node.scrollIntoView({ behavior: "smooth", block: "nearest", inline: "center" });
  phones.get(id).toEnd();
}

function turn(event, id) {
  const ids = [...phones.keys()];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  choose(ids[(ids.indexOf(id) + step + ids.length) % ids.length]);
}

function take(news, restarted) {
  if (restarted) {
    store.entries.clear();
    store.put(news.entries);
    people();
    for (const phone of phones.values()) phone.showAll();
  } else {
    store.put(news.entries);
    people();
    for (const phone of phones.values()) phone.take(news.entries);
  }
  if (phones.has(chosen)) phones.get(chosen).unread = 0;
  tools();
  tabs();
}

const start = await begin();
texts = start.texts;
store.put(start.entries);
useTexts(texts, remembered() ?? "th");
people();
speak(remembered() ?? "th");
listen(take, () => toast(t("offline")));
