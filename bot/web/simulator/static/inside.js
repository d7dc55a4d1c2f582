// The inspector: the city's clock, what came in, what goes out, and the quota, live while it is open.

import { el, t, toast } from "./dom.js";
import { open } from "./dialogs.js";
import { act, look, state } from "./net.js";

const EVERY_MS = 2000;
let zone; // the city's own: whoever looks may sit elsewhere

export function inside() {
  const body = el("div", { class: "inside", "aria-live": "off" });
  const node = open(t("inside"), "wide", el("p", { text: t("inside_lead") }), body);
  const refresh = async () => {
    const found = await look();
    if (found && node.isConnected) body.replaceChildren(...parts(found));
  };
  const timer = setInterval(refresh, EVERY_MS);
  node.addEventListener("close", () => clearInterval(timer));
  refresh();
}

function parts(found) {
  zone = found.zone;
  const { limit, used } = state.quota;
  return [
    el(
      "div",
      { class: "tiles" },
      tile(t("inside_clock"), moment(found.clock)),
      tile(t("quota"), limit ? `${used} / ${limit}` : String(used)),
      tile(t("inside_per_case"), found.pushes_per_closed_case ?? "–"),
    ),
    queue(t("inside_inbox"), found.inbox, (row) => [moment(row.at), nameOf(row.conversation), row.kind]),
    queue(t("inside_outbox"), found.outbox, (row) => [moment(row.created), nameOf(row.to), row.purpose]),
    el(
      "p",
      { class: "purposes" },
      `${t("inside_pushes")}: `,
      Object.entries(found.pushes)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => el("span", { class: "count", text: `${name} ${count}` })),
    ),
  ];
}

const tile = (label, value) => el("div", { class: "tile" }, el("small", { text: label }), el("b", { text: String(value) }));

function queue(title, found, cells) {
  const counts = Object.entries(found.counts).map(([name, n]) => el("span", { class: `count is-${name}`, text: `${stateName(name)} ${n}` }));
  const rows = found.rows.map((row) =>
    el(
      "tr",
      {},
      cells(row).map((text) => el("td", { text })),
      el("td", {}, el("span", { class: `count is-${row.state}`, text: stateName(row.state), title: row.reason || null })),
      el("td", { class: "number", text: String(row.attempts) }),
    ),
  );
  const heads = ["inside_when", title === t("inside_inbox") ? "inside_from" : "inside_to", "inside_what", "inside_state", "inside_tries"];
  return el(
    "section",
    {},
    el("h3", {}, title, " ", counts),
    rows.length
      ? el("table", {}, el("thead", {}, el("tr", {}, heads.map((name) => el("th", { scope: "col", text: t(name) })))), el("tbody", {}, rows))
      : el("p", { text: t("inside_none") }),
  );
}

const stateName = (name) => {
  const key = `state_${name}`;
  return t(key) === key ? name : t(key);
};
const nameOf = (id) => state.people.find((person) => person.id === id)?.name ?? `${id ?? ""}`.slice(0, 10);
const moment = (text) =>
  text
    ? new Date(text).toLocaleString(document.documentElement.lang === "th" ? "th-TH" : "en-GB", {
        day: "numeric",
        month: "short",
        hour: "2-digit",
        minute: "2-digit",
        timeZone: zone,
      })
    : "";

// The city's clock goes to the next morning, as the command line's tick does.
export async function tomorrow() {
  toast(t("tomorrow_wait"));
  const done = await act("tomorrow", {}, t("tomorrow_failed"));
  zone = done?.zone;
  if (done) toast(`${t("tomorrow_done")} ${moment(done.clock)}`);
  return done;
}
