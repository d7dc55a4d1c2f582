// Template messages: buttons, confirm, carousel, image carousel; and quick replies.

import { el, icon, setStyle } from "./dom.js";
import { picture } from "./pictures.js";

const QUICK_ICONS = { camera: "camera", cameraRoll: "image", location: "pin" };

export function templateMessage(message, run) {
  const make = { buttons, confirm, carousel, image_carousel: images }[message.template.type];
  return make(message.template, run, message.altText);
}

function choices(actions, run, className = "card-actions") {
  return el(
    "div",
    { class: className },
    actions.map((action) =>
      el(
        "button",
        { type: "button", class: "card-action", onclick: () => run(action) },
        el("span", { text: action.label ?? "" }),
      ),
    ),
  );
}

function thumbnail(part, look, run) {
  if (!part.thumbnailImageUrl) return null;
  const image = picture(part.thumbnailImageUrl, part.title ?? "");
  setStyle(image, {
    "aspect-ratio": look.imageAspectRatio === "square" ? "1 / 1" : "1.51 / 1",
    "object-fit": look.imageSize === "contain" ? "contain" : "cover",
    "background-color": part.imageBackgroundColor,
  });
  if (!part.defaultAction) return el("div", { class: "card-image" }, image);
  return el(
    "button",
    {
      type: "button",
      class: "card-image",
      "aria-label": part.defaultAction.label ?? part.title ?? "",
      onclick: () => run(part.defaultAction),
    },
    image,
  );
}

function card(part, look, run) {
  const words = el(
    "div",
    { class: "card-words" },
    part.title && el("strong", { text: part.title }),
    el("p", { text: part.text }),
  );
  return el(
    "div",
    { class: "card", role: "group", "aria-label": part.title ?? part.text },
    thumbnail(part, look, run),
    words,
    choices(part.actions, run),
  );
}

const buttons = (template, run) => card(template, template, run);

function confirm(template, run) {
  const words = el("div", { class: "card-words" }, el("p", { text: template.text }));
  return el(
    "div",
    { class: "card", role: "group", "aria-label": template.text },
    words,
    choices(template.actions, run, "card-actions side-by-side"),
  );
}

function carousel(template, run, label) {
  return el(
    "div",
    { class: "strip", tabindex: "0", role: "group", "aria-label": label },
    template.columns.map((column) => card(column, template, run)),
  );
}

function images(template, run, label) {
  const columns = template.columns.map((column) =>
    el(
      "button",
      {
        type: "button",
        class: "image-column",
        "aria-label": column.action.label ?? label,
        onclick: () => run(column.action),
      },
      picture(column.imageUrl, ""),
      column.action.label && el("span", { text: column.action.label }),
    ),
  );
  return el("div", { class: "strip", tabindex: "0", role: "group", "aria-label": label }, columns);
}

export function quickReplies(items, run) {
  return items.map(({ action }) =>
    el(
      "button",
      { type: "button", class: "chip", onclick: () => run(action) },
      QUICK_ICONS[action.type] && icon(QUICK_ICONS[action.type]),
      el("span", { text: action.label ?? "" }),
    ),
  );
}
