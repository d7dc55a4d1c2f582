// Pictures in chats. Only addresses of this server are fetched; any other is named, not shown.

import { el, icon, t } from "./dom.js";
import { ownAddress } from "./net.js";

function hostOf(address) {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
}

export function picture(address, label) {
  const own = ownAddress(address);
  if (own === null) return placeholder(hostOf(address));
  return shown(own, label);
}

export function shown(path, label) {
  const image = el("img", { src: path, alt: label, loading: "lazy", decoding: "async" });
  image.addEventListener("error", () =>
    image.replaceWith(placeholder(path.split("/").pop(), image.style.cssText)),
  );
  return image;
}

function placeholder(name, css = "") {
  const node = el(
    "span",
    { class: "no-picture", role: "img", "aria-label": `${t("picture_gone")} ${name}`, title: name },
    icon("image"),
  );
  node.style.cssText = css;
  return node;
}
