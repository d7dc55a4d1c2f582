// The guided tour: steps are data; each names a person and may do something for her. Not modal: one may play along.

import { button, el, iconButton, t, toast } from "./dom.js";
import { state } from "./net.js";
import { inside, tomorrow } from "./inside.js";

const CODE = /[A-Z0-9]{4}-[A-Z0-9]{4}/;
const WAIT_MS = 20000;

let panel = null;
let at = 0;

export function startTour(page) {
  endTour();
  at = 0;
  panel = el("aside", { class: "tour", role: "dialog", "aria-label": t("tour_label"), tabindex: "-1" });
  document.body.append(panel);
  document.addEventListener("keydown", keys);
  panel.page = page;
  show();
  panel.focus();
}

export function endTour() {
  document.removeEventListener("keydown", keys);
  for (const node of document.querySelectorAll(".toured")) node.classList.remove("toured");
  panel?.remove();
  panel = null;
}

const steps = () => t("tour_steps");

function keys(event) {
  if (event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
  const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.key === "Escape") endTour();
  else if (move) go(move);
  else if (event.key === "Enter" && event.target === panel) doIt();
  else return;
  event.preventDefault();
}

function go(by) {
  if (at + by >= steps().length) return endTour();
  at = Math.max(0, at + by);
  show();
}

const phoneOf = (step) => {
  const person = step.who && state.people.find(({ role }) => role === step.who);
  return person ? panel.page.phones.get(person.id) : null;
};

export function show() {
  if (!panel) return;
  const step = steps()[at];
  const phone = phoneOf(step);
  for (const node of document.querySelectorAll(".toured")) node.classList.remove("toured");
  if (phone) {
    panel.page.choose(phone.person.id);
    phone.node.classList.add("toured");
  }
  const last = at === steps().length - 1;
  panel.replaceChildren(
    el(
      "div",
      { class: "tour-head" },
      el("span", { class: "tour-count", text: `${t("tour_step")} ${at + 1} ${t("tour_of")} ${steps().length}` }),
      iconButton(t("tour_skip"), "close", endTour, "plain"),
    ),
    el("div", { "aria-live": "polite" }, el("h2", { text: step.title }), el("p", { text: step.text })),
    el("progress", { max: String(steps().length), value: String(at + 1), "aria-hidden": "true" }),
    el(
      "div",
      { class: "tour-acts" },
      at > 0 && button(t("tour_back"), null, () => go(-1), "tour-back"),
      step.do && button(t("tour_do"), "play", doIt, "tour-do"),
      button(last ? t("tour_end") : t("tour_next"), null, () => go(1), step.do ? "tour-next" : "tour-next main"),
    ),
    el("small", { text: t("tour_keys") }),
  );
}

async function doIt() {
  const step = steps()[at];
  if (!step.do || panel.busy) return;
  panel.busy = true;
  panel.classList.add("busy");
  const done = await perform(step, phoneOf(step));
  if (!panel) return;
  panel.busy = false;
  panel.classList.remove("busy");
  if (!done) return toast(t("tour_missing"));
  panel.querySelector(".tour-do")?.classList.add("did");
  panel.querySelector(".tour-next")?.classList.add("main");
}

async function perform(step, phone) {
  const { code, say, tap, also, sample } = step.do;
  if (step.do.tomorrow) return tomorrow();
  if (step.do.inside) return inside() ?? true;
  if (!phone) return false;
  if (code) {
    const found = phone.person.hint.match(CODE)?.[0];
    return found ? phone.act("say", { text: found }) : true; // she has her role already
  }
  if (say) return phone.act("say", { text: say });
  if (sample) return phone.act("sample", { kind: sample });
  const action = await appears(phone, [tap, also].filter(Boolean));
  return action ? ((await phone.run(action)) ?? true) : false;
}

// The bot may still be answering: its button is waited for.
async function appears(phone, parts) {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; ) {
    const found = !phone.busy && newest(phone, parts); // a second tap within one breath would be taken for a slip
    if (found) return found;
    await new Promise((done) => setTimeout(done, 200));
  }
  return null;
}

function newest(phone, parts) {
  for (const entry of phone.store.of(phone.person.id).reverse()) {
    const found = entry.from === "bot" && actions(entry.messages).find(({ data }) => parts.every((part) => data.includes(part)));
    if (found) return found;
  }
  return null;
}

function actions(node) {
  if (Array.isArray(node)) return node.flatMap(actions);
  if (!node || typeof node !== "object") return [];
  const own = node.type === "postback" && typeof node.data === "string" ? [node] : [];
  return [...own, ...Object.values(node).flatMap(actions)];
}
