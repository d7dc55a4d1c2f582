// Flex messages: bubbles and their components as LINE lays them out.

import { el, setStyle } from "./dom.js";
import { picture } from "./pictures.js";

const SPACES = { none: "0", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const FONTS = {
  xxs: "11px",
  xs: "13px",
  sm: "14px",
  md: "16px",
  lg: "19px",
  xl: "22px",
  xxl: "29px",
  "3xl": "35px",
  "4xl": "48px",
  "5xl": "74px",
};
const IMAGES = {
  xxs: "40px",
  xs: "60px",
  sm: "80px",
  md: "100px",
  lg: "120px",
  xl: "140px",
  xxl: "160px",
  "3xl": "180px",
  "4xl": "200px",
  "5xl": "220px",
  full: "100%",
};
const BORDERS = { none: "0", light: "0.5px", normal: "1px", medium: "2px", "semi-bold": "3px", bold: "4px" };
const ENDS = {
  start: "flex-start",
  end: "flex-end",
  center: "center",
  top: "flex-start",
  bottom: "flex-end",
};

const space = (value) => SPACES[value] ?? value;

export function flexMessage(message, run) {
  const container = message.contents;
  if (container.type === "carousel") {
    return el(
      "div",
      { class: "strip", tabindex: "0", role: "group", "aria-label": message.altText },
      container.contents.map((one) => bubble(one, run)),
    );
  }
  return bubble(container, run, message.altText);
}

function bubble(data, run, label) {
  const node = el("div", {
    class: `flex-bubble size-${data.size ?? "mega"}`,
    dir: data.direction ?? "ltr",
    role: "group",
    "aria-label": label,
  });
  for (const name of ["header", "hero", "body", "footer"]) {
    if (data[name])
      node.append(block(name, data[name], data.styles?.[name] ?? {}, node.childElementCount > 0, run));
  }
  return tappable(node, data.action, run);
}

function block(name, part, style, later, run) {
  const inside = component(part, { layout: "vertical" }, run);
  const node = el("div", { class: `flex-${name}${part.paddingAll ? " own-padding" : ""}` }, inside);
  setStyle(node, { "background-color": style.backgroundColor });
  if (style.separator && later)
    setStyle(node, { "border-top": `1px solid ${style.separatorColor ?? "#d4d6da"}` });
  return node;
}

function component(part, parent, run) {
  const make = { box, text, button, image, icon, separator, filler, video }[part.type];
  const node = make ? make(part, parent, run) : el("span");
  place(node, part, parent);
  return node;
}

function place(node, part, parent) {
  const row = parent.layout !== "vertical";
  const rigid =
    ["separator", "icon"].includes(part.type) ||
    part.width ||
    (part.type === "image" && part.size?.includes?.("px"));
  const usual = part.type === "filler" ? 1 : row && !rigid ? 1 : 0;
  const share = part.flex ?? usual;
  setStyle(node, { flex: share > 0 ? `${share} ${row ? 1 : 0} 0` : "0 0 auto", "min-width": "0" });
  if (part.type === "text" && share === 0 && row) setStyle(node, { "flex-shrink": "0", "max-width": "100%" });
  if (part.position === "absolute") setStyle(node, { position: "absolute" });
  else if (part.offsetTop || part.offsetBottom || part.offsetStart || part.offsetEnd)
    setStyle(node, { position: "relative" });
  setStyle(node, {
    top: space(part.offsetTop),
    bottom: space(part.offsetBottom),
    "inset-inline-start": space(part.offsetStart),
    "inset-inline-end": space(part.offsetEnd),
  });
  if (part.gravity && row) setStyle(node, { "align-self": ENDS[part.gravity] });
}

function box(part, _parent, run) {
  const row = part.layout !== "vertical";
  const node = el("div", { class: `flex-box ${part.layout}` });
  setStyle(node, {
    "background-color": part.backgroundColor,
    "border-color": part.borderColor,
    "border-width": BORDERS[part.borderWidth] ?? part.borderWidth,
    "border-style": part.borderWidth || part.borderColor ? "solid" : null,
    "border-radius": space(part.cornerRadius),
    width: part.width,
    "max-width": part.maxWidth,
    height: part.height,
    "max-height": part.maxHeight,
    padding: space(part.paddingAll),
    "justify-content": part.justifyContent,
    "align-items": part.alignItems ?? (part.layout === "baseline" ? "baseline" : null),
  });
  if (part.borderColor && !part.borderWidth) setStyle(node, { "border-width": "1px" });
  setStyle(node, {
    "padding-top": space(part.paddingTop),
    "padding-bottom": space(part.paddingBottom),
    "padding-inline-start": space(part.paddingStart),
    "padding-inline-end": space(part.paddingEnd),
  });
  if (part.background) setStyle(node, { "background-image": gradient(part.background) });
  part.contents.forEach((child, index) => {
    const inside = component(child, part, run);
    const before = child.margin ?? (index > 0 ? part.spacing : null);
    if (before) setStyle(inside, { [row ? "margin-inline-start" : "margin-top"]: space(before) });
    node.append(inside);
  });
  return tappable(node, part.action, run);
}

function gradient(data) {
  const middle = data.centerColor ? `, ${data.centerColor} ${data.centerPosition ?? "50%"}` : "";
  return `linear-gradient(${data.angle}, ${data.startColor}${middle}, ${data.endColor})`;
}

function letters(node, part) {
  return setStyle(node, {
    "font-size": FONTS[part.size] ?? part.size,
    color: part.color,
    "font-weight": part.weight === "bold" ? "700" : null,
    "font-style": part.style === "italic" ? "italic" : null,
    "text-decoration": part.decoration === "none" ? null : part.decoration,
  });
}

function text(part, _parent, run) {
  const clamp = part.wrap && part.maxLines > 0;
  const node = el("div", { class: `flex-text${part.wrap ? " wrap" : ""}${clamp ? " clamp" : ""}` });
  letters(node, { size: "md", ...part });
  setStyle(node, { "text-align": part.align, "-webkit-line-clamp": clamp ? String(part.maxLines) : null });
  if (part.lineSpacing) setStyle(node, { "line-height": `calc(1.4em + ${part.lineSpacing})` });
  if (part.contents)
    node.append(...part.contents.map((span) => letters(el("span", { text: span.text }), span)));
  else node.textContent = part.text;
  return tappable(node, part.action, run);
}

function button(part, _parent, run) {
  const style = part.style ?? "link";
  const node = el("button", {
    type: "button",
    class: `flex-button ${style} ${part.height ?? "md"}`,
    onclick: () => run(part.action),
  });
  node.append(el("span", { text: part.action.label }));
  if (part.color)
    setStyle(node, style === "link" ? { color: part.color } : { "background-color": part.color });
  if (style === "secondary" && part.color) setStyle(node, { color: "#111111" });
  return node;
}

function image(part, parent, run) {
  const ratio = (part.aspectRatio ?? "1:1").replace(":", " / ");
  const shown = picture(part.url, "");
  setStyle(shown, {
    "aspect-ratio": ratio,
    "object-fit": part.aspectMode === "cover" ? "cover" : "contain",
    "background-color": part.backgroundColor,
    width: IMAGES[part.size ?? "md"] ?? part.size,
    "max-width": "100%",
  });
  const frame = el("div", { class: "flex-image" }, shown);
  setStyle(frame, { "justify-content": ENDS[part.align ?? "center"] });
  if (parent.layout !== "vertical" && (part.size ?? "md") !== "full" && part.flex === undefined)
    setStyle(shown, { width: "100%" });
  return tappable(frame, part.action, run);
}

function icon(part) {
  const node = picture(part.url, "");
  node.classList.add("flex-icon");
  return setStyle(node, {
    height: FONTS[part.size ?? "md"] ?? part.size,
    "aspect-ratio": (part.aspectRatio ?? "1:1").replace(":", " / "),
  });
}

function separator(part, parent) {
  const node = el("div", { class: parent.layout === "vertical" ? "flex-line" : "flex-line upright" });
  return setStyle(node, { "background-color": part.color });
}

function filler() {
  return el("div", { class: "flex-filler" });
}

function video(part, parent, run) {
  return component(part.altContent, parent, run);
}

function tappable(node, action, run) {
  if (!action) return node;
  node.classList.add("tappable");
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  if (action.label) node.setAttribute("aria-label", action.label);
  const tap = (event) => {
    event.stopPropagation();
    run(action);
  };
  node.addEventListener("click", tap);
  node.addEventListener("keydown", (event) => {
    if (event.target === node && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      tap(event);
    }
  });
  return node;
}
