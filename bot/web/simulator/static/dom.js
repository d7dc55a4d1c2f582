// Making elements, words in two languages, icons, and times.
// Styles are set through the CSSOM, never as attributes: the page's policy forbids those.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  plus: "M12 5v14M5 12h14",
  send: "M4 12 20 4l-5 16-3.5-6.500zM11.500 13.500 20 4",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5M15.500 9.500h.01",
  camera: "M4 8h4l1.500-2.500h5L16 8h4v11H4zM12 16.500a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400z",
  brush: "M5 19c3 0 4-1 4-3l9-10 1 1-9 10M9 16l-1-1M4 19h3",
  pin: "M12 21s7-6.500 7-11.500a7 7 0 1 0-14 0C5 14.500 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  smile:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14.500s1.200 2 3.500 2 3.500-2 3.500-2M9 9.500h.01M15 9.500h.01",
  menu: "M5 7h14M5 12h14M5 17h14",
  close: "M6 6l12 12M18 6 6 18",
  ban: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12",
  check: "M5 12.500 10 17.500 19 7",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20c1-4 4-5.500 7.500-5.500s6.500 1.500 7.500 5.500",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  alert: "M12 4 2.500 20h19zM12 10v5M12 17.500h.01",
  play: "M8 5v14l11-7z",
  sound: "M5 9v6h4l5 4V5L9 9zM17 9c1.500 1.500 1.500 4.500 0 6",
  eye: "M2.500 12s3.500-6.500 9.500-6.500S21.500 12 21.500 12s-3.500 6.500-9.500 6.500S2.500 12 2.500 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  sun: "M12 16.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500 19 19M19 5l-1.500 1.500M6.500 17.500 5 19",
  doc: "M7 3h7l4 4v14H7zM14 3v4h4",
};

let words = {};
let language = "th";

export function useTexts(texts, chosen) {
  words = texts;
  language = texts[chosen] ? chosen : "th";
  document.documentElement.lang = language;
}

export const t = (name) => words[language]?.[name] ?? name;

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "style") setStyle(node, value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function setStyle(node, style) {
  for (const [name, value] of Object.entries(style)) {
    if (value !== undefined && value !== null && value !== "") node.style.setProperty(name, value);
  }
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function button(label, iconName, act, className = "") {
  return el(
    "button",
    { type: "button", class: className, onclick: act },
    iconName && icon(iconName),
    el("span", { text: label }),
  );
}

export function iconButton(label, iconName, act, className = "") {
  return el(
    "button",
    { type: "button", class: `round ${className}`, "aria-label": label, title: label, onclick: act },
    icon(iconName),
  );
}

export function toast(text) {
  const note = el("div", { class: "toast", text });
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 3200);
}

const locale = () => (language === "th" ? "th-TH" : "en-GB");

export function clock(at) {
  return new Date(at * 1000).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });
}

export function day(at) {
  const date = new Date(at * 1000);
  const passed = Math.round(
    (new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000,
  );
  if (passed === 0) return t("today");
  if (passed === 1) return t("yesterday");
  return date.toLocaleDateString(locale(), { day: "numeric", month: "short", year: "numeric" });
}

export const roleOf = (person) => (language === "en" && person.role_label_en) || person.role_label;

// A stable colour per person, so that faces stay recognisable.
const FACES = ["#c8553d", "#2f6f9f", "#6b5b95", "#3d7a4a", "#b0752a", "#a64d79", "#417d7a", "#5a6b2f"];

export function face(id, name, className = "face") {
  let sum = 0;
  for (const letter of id + name) sum = (sum * 31 + letter.charCodeAt(0)) >>> 0;
  const shown = [...new Intl.Segmenter("th").segment(name.trim() || "?")].map((part) => part.segment);
  // Thai names may begin with a leading vowel; the consonant after it tells more.
  const first = /^[\u0E40-\u0E44]/.test(shown[0]) && shown[1] ? shown[0] + shown[1] : shown[0];
  return el("span", {
    class: className,
    text: first,
    "aria-hidden": "true",
    style: { "background-color": FACES[sum % FACES.length] },
  });
}
