// Dialogs: attaching, places, pictures, stickers, times, people, faults. All are <dialog>: Escape closes them.

import { button, el, icon, iconButton, t, toast } from "./dom.js";
import { STICKERS } from "./messages.js";
import { act, sendPhoto, shrink, state } from "./net.js";

export function open(title, className, ...children) {
  const node = el("dialog", { class: `dialog ${className}`, "aria-label": title });
  node.append(
    el(
      "div",
      { class: "dialog-head" },
      el("h2", { text: title }),
      iconButton(t("close"), "close", () => node.close(), "plain"),
    ),
    ...children.flat(),
  );
  node.addEventListener("close", () => node.remove());
  node.addEventListener("click", (event) => event.target === node && node.close());
  document.body.append(node);
  node.showModal();
  return node;
}

function pickFile(phone, camera) {
  const input = el("input", {
    type: "file",
    accept: "image/*",
    multiple: !camera,
    capture: camera ? "environment" : null,
  });
  input.addEventListener("change", async () => {
    for (const file of input.files)
      await sendPhoto({ person: phone.person.id, chat: phone.chat }, await shrink(file));
  });
  input.click();
}

export function attach(phone) {
  const tool = (name, iconName, doing) =>
    el(
      "button",
      {
        type: "button",
        class: "tool",
        onclick: () => {
          node.close();
          doing();
        },
      },
      el("span", { class: `tool-icon of-${name}` }, icon(iconName)),
      el("span", { text: t(name) }),
    );
  const node = open(
    t("more"),
    "sheet",
    el(
      "div",
      { class: "tools" },
      tool("sample", "brush", () => chooseSample(phone)),
      tool("photo", "image", () => pickFile(phone, false)),
      tool("camera", "camera", () => pickFile(phone, true)),
      tool("location", "pin", () => choosePlace(phone)),
      tool("sticker", "smile", () => chooseSticker(phone)),
    ),
  );
}

export const choosePicture = (phone) => pictureDialog(phone, "photo", "image", false);
export const takePhoto = (phone) => pictureDialog(phone, "camera", "camera", true);

function pictureDialog(phone, name, iconName, camera) {
  const node = open(
    t(name),
    "sheet",
    button(
      t("photo"),
      iconName,
      () => {
        node.close();
        pickFile(phone, camera);
      },
      "big",
    ),
    el("h3", { text: t("sample") }),
    samples(phone, () => node.close()),
  );
}

function chooseSample(phone) {
  const node = open(
    t("choose_sample"),
    "sheet",
    samples(phone, () => node.close()),
  );
}

function samples(phone, done) {
  return el(
    "div",
    { class: "samples" },
    state.scenes.map((kind) =>
      el(
        "button",
        {
          type: "button",
          class: "sample",
          onclick: () => {
            done();
            phone.act("sample", { kind });
          },
        },
        el("img", { src: `/simulator/api/sample/${kind}`, alt: "" }),
        el("span", { text: t(`scene_${kind}`) }),
      ),
    ),
  );
}

export function choosePlace(phone) {
  const send = (place) => {
    node.close();
    phone.act("location", place);
  };
  const places = el(
    "ul",
    { class: "places" },
    state.places.map((place) =>
      el(
        "li",
        {},
        el(
          "button",
          { type: "button", onclick: () => send(place) },
          icon("pin"),
          el("span", {}, el("strong", { text: place.title }), el("small", { text: place.address })),
        ),
      ),
    ),
  );
  const first = state.places[0];
  const field = (name, value) =>
    el("input", {
      name,
      "aria-label": t(name),
      placeholder: t(name),
      inputmode: "decimal",
      value: value === undefined ? "" : String(value),
    });
  const [title, lat, lon] = [
    el("input", { "aria-label": t("place_title"), placeholder: t("place_title"), maxlength: "100" }),
    field("latitude", first?.lat),
    field("longitude", first?.lon),
  ];
  const form = el(
    "form",
    {
      class: "point",
      onsubmit: (event) => {
        event.preventDefault();
        const point = { lat: Number(lat.value), lon: Number(lon.value), title: title.value, address: "" };
        const fine =
          lat.value.trim() && lon.value.trim() && Math.abs(point.lat) <= 90 && Math.abs(point.lon) <= 180;
        if (fine) send(point);
        else toast(t("bad_point"));
      },
    },
    el("h3", { text: t("or_point") }),
    title,
    el("div", { class: "pair" }, lat, lon),
    el("button", { type: "submit", class: "big", text: t("send") }),
  );
  const node = open(t("choose_place"), "sheet", places, form);
}

function chooseSticker(phone) {
  const node = open(
    t("choose_sticker"),
    "sheet",
    el(
      "div",
      { class: "stickers" },
      Object.entries(STICKERS).map(([sticker, drawn]) =>
        el("button", {
          type: "button",
          text: drawn,
          onclick: () => {
            node.close();
            phone.act("sticker", { package: "446", sticker });
          },
        }),
      ),
    ),
  );
}

export function chooseTime(phone, action) {
  const type = { date: "date", time: "time", datetime: "datetime-local" }[action.mode];
  const input = el("input", {
    type,
    value: action.initial?.replace("t", "T"),
    min: action.min?.replace("t", "T"),
    max: action.max?.replace("t", "T"),
    required: true,
    "aria-label": t("choose_time"),
  });
  const form = el(
    "form",
    {
      class: "point",
      onsubmit: (event) => {
        event.preventDefault();
        node.close();
        phone.act("tap", { data: action.data, params: { [action.mode]: input.value } });
      },
    },
    input,
    el("button", { type: "submit", class: "big", text: t("send") }),
  );
  const node = open(t("choose_time"), "sheet", form);
}

export function enlarge(path) {
  open(t("picture"), "viewer", el("img", { src: path, alt: t("picture") }));
}

export function addPerson(done) {
  const name = el("input", {
    "aria-label": t("person_name"),
    placeholder: t("person_name"),
    maxlength: "60",
    required: true,
  });
  const form = el(
    "form",
    {
      class: "point",
      onsubmit: async (event) => {
        event.preventDefault();
        const made = await act("person", { name: name.value });
        node.close();
        if (made) done(made.id);
      },
    },
    name,
    el("button", { type: "submit", class: "big", text: t("add") }),
  );
  const node = open(t("add_person"), "sheet", form);
}

export function faults() {
  const names = ["down", "fail", "lost_answer", "rate_limit", "monthly_limit", "not_ready", "none"];
  const node = open(
    t("faults"),
    "sheet",
    el("p", { text: t("faults_lead") }),
    el(
      "div",
      { class: "fault-list" },
      names.map((fault) =>
        button(
          t(`fault_${fault}`),
          fault === "none" ? "check" : "bolt",
          async () => {
            node.close();
            if (await act("faults", { fault })) toast(`${t("fault_on")}: ${t(`fault_${fault}`)}`);
          },
          fault === "none" ? "calm" : "",
        ),
      ),
    ),
  );
}
