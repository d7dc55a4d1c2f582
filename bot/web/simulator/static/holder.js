// Above a phone: who holds it and a hint. In an empty chat: how to begin.

import { button, el, face, roleOf, t } from "./dom.js";
import { state } from "./net.js";

const CODE = /[A-Z0-9]{4}-[A-Z0-9]{4}/;

export function holderParts(phone) {
  const { person } = phone;
  const role = roleOf(person);
  const words = el(
    "div",
    { class: "holder-words" },
    el("strong", { text: person.name }),
    role && el("span", { class: "role", text: role }),
  );
  if (person.role === "administrator" && state.console)
    words.append(el("a", { class: "console-link", href: "/console", target: "_blank", rel: "noopener", text: t("console") }));
  return [face(person.id, person.name), words, ...(person.hint ? [hint(phone)] : [])];
}

// A hint that holds an invite code can be put into the writing line with one tap.
function hint(phone) {
  const code = phone.person.hint.match(CODE)?.[0];
  return el(
    "p",
    { class: "hint" },
    el("span", { text: phone.person.hint }),
    code && el("button", { type: "button", text: t("use_code"), onclick: () => phone.write(code) }),
  );
}

export function welcome(phone) {
  const starters = phone.person.starters ?? (phone.person.hint ? [] : t("starters"));
  return el(
    "div",
    { class: "welcome" },
    el("img", { src: "/simulator/static/icon.svg", alt: "", width: "64", height: "64" }),
    el("strong", { text: state.bot }),
    el("p", { text: t(starters.length > 0 ? "empty_lead" : "empty_hint") }),
    button(t("add_friend"), "plus", () => phone.act("follow", {}), "big"),
    starters.map((text) =>
      el("button", { type: "button", class: "starter", text, onclick: () => phone.act("say", { text }) }),
    ),
  );
}
