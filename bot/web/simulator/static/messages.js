// One entry of a chat as elements: bubbles, pictures, places, stickers, cards, or a line in the middle.

import { clock, el, icon, iconButton, t } from "./dom.js";
import { flexMessage } from "./flex.js";
import { ownAddress, state } from "./net.js";
import { picture, shown } from "./pictures.js";
import { templateMessage } from "./templates.js";

const LINES = {
  follow: "followed",
  unfollow: "unfollowed",
  join: "joined",
  leave: "left",
  memberJoined: "members_joined",
  memberLeft: "members_left",
};
export const STICKERS = {
  1988: "👍",
  1989: "🙏",
  1990: "😊",
  1991: "🎉",
  1992: "😢",
  1993: "😡",
  1994: "❤️",
  1995: "👏",
  1996: "🤔",
  1997: "💪",
  1998: "🌧️",
  1999: "🧹",
};

export function entryNode(entry, phone) {
  if (LINES[entry.how] && entry.from === "user")
    return el("div", { class: "middle", text: t(LINES[entry.how]) });
  if (entry.messages.length === 0) return undelivered(entry, phone) ?? el("div", { class: "nothing" });
  const mine = entry.from === "user" && entry.who === phone.person.id;
  const side = mine ? "mine" : "theirs";
  const lines = entry.messages.map((message, index) => row(message, entry, phone, mine, index));
  return el(
    "div",
    { class: `entry ${side}` },
    !mine && sender(entry),
    el("div", { class: "entry-lines" }, lines, mine && undelivered(entry, phone)),
  );
}

function sender(entry) {
  if (entry.from === "bot")
    return el("img", { class: "sender", src: "/simulator/static/icon.svg", alt: state.bot });
  const person = state.people.find((one) => one.id === entry.who);
  return el("span", { class: "sender letter", text: (person?.name ?? "?").slice(0, 2) });
}

function row(message, entry, phone, mine, index) {
  const last = index === entry.messages.length - 1;
  const how = { push: t("how_push"), multicast: t("how_multicast") }[entry.how];
  const note =
    last &&
    el(
      "span",
      { class: "note" },
      how && el("span", { class: "how", text: how }),
      el("time", { text: clock(entry.at) }),
    );
  const body = content(message, phone);
  const undo =
    mine &&
    message.id &&
    entry.how === "message" &&
    !entry.unsent &&
    iconButton(t("unsend"), "close", () => askUnsend(message, phone), "undo");
  return el(
    "div",
    { class: `row${wide(message) ? " wide" : ""}` },
    body,
    el("span", { class: "notes" }, undo, note),
  );
}

const wide = (message) =>
  (message.type === "flex" && message.contents.type === "carousel") ||
  (message.type === "template" && message.template.type.includes("carousel"));

function askUnsend(message, phone) {
  if (window.confirm(t("unsend_ask"))) phone.act("unsend", { message: message.id });
}

function content(message, phone) {
  const run = (action) => phone.run(action);
  const make = {
    text: () => el("div", { class: "bubble" }, linked(message.text, phone)),
    textV2: () => el("div", { class: "bubble" }, linked(message.text, phone)),
    image: () => photo(message.id ? `/simulator/api/content/${message.id}` : null, message, phone),
    location: () => place(message),
    sticker: () =>
      el("div", {
        class: "big-sticker",
        role: "img",
        "aria-label": t("sticker"),
        text: STICKERS[message.stickerId] ?? "🙂",
      }),
    template: () => templateMessage(message, run),
    flex: () => flexMessage(message, run),
    video: () => media("play", t("video")),
    audio: () => media("sound", t("audio")),
    file: () => media("doc", message.fileName ?? t("file")),
    unsent: () => el("div", { class: "bubble gone", text: t("unsent") }),
  }[message.type];
  return make ? make() : media("doc", message.altText ?? message.type);
}

const LINK = /(https?:\/\/[^\s<>"“”]+[^\s<>"“”.,!?)])/;

function linked(text, phone) {
  return text.split(LINK).map((part) => {
    if (!LINK.test(part)) return part;
    const action = { type: "uri", uri: part };
    const own = ownAddress(part);
    return el("a", {
      href: own ?? part,
      text: part,
      target: "_blank",
      rel: "noopener noreferrer",
      onclick: (event) => {
        event.preventDefault();
        phone.run(action);
      },
    });
  });
}

function photo(path, message, phone) {
  const image = path ? shown(path, t("your_picture")) : picture(message.previewImageUrl, t("picture"));
  const full = path ?? ownAddress(message.originalContentUrl);
  return el(
    "button",
    {
      type: "button",
      class: "photo",
      "aria-label": t("picture"),
      onclick: () => full && phone.enlarge(full),
    },
    image,
  );
}

function place(message) {
  const point = `${message.latitude.toFixed(5)}, ${message.longitude.toFixed(5)}`;
  return el(
    "div",
    { class: "place" },
    el("div", { class: "place-map", "aria-hidden": "true" }, icon("pin")),
    el(
      "div",
      { class: "place-words" },
      el("strong", { text: message.title || t("location") }),
      message.address && el("span", { text: message.address }),
      el("small", { text: point }),
    ),
  );
}

function media(iconName, label) {
  return el("div", { class: "bubble media" }, icon(iconName), el("span", { text: label }));
}

function undelivered(entry, phone) {
  if (entry.delivered !== false) return null;
  return el(
    "div",
    { class: "undelivered" },
    icon("alert"),
    el("span", { text: t("undelivered") }),
    el("button", {
      type: "button",
      text: t("redeliver"),
      onclick: () => phone.act("redeliver", { event: entry.id }),
    }),
  );
}
