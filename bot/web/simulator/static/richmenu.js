// A rich menu: its picture with a button over every area.

import { el } from "./dom.js";
import { shown } from "./pictures.js";

export function menuImage(menu, run) {
  const { width, height } = menu.size;
  const part = (value, whole) => `${(value / whole) * 100}%`;
  const areas = menu.areas.map(({ bounds, action }, index) =>
    el("button", {
      type: "button",
      class: "menu-area",
      "aria-label": action.label ?? action.displayText ?? action.text ?? `${index + 1}`,
      onclick: () => run(action),
      style: {
        left: part(bounds.x, width),
        top: part(bounds.y, height),
        width: part(bounds.width, width),
        height: part(bounds.height, height),
      },
    }),
  );
  const image = shown(`/simulator/api/menu/${menu.richMenuId}`, menu.chatBarText);
  image.style.setProperty("aspect-ratio", `${width} / ${height}`);
  return el("div", { class: "menu-frame" }, image, areas);
}
