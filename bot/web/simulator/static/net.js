// Talking to the simulator: one start, then one open question for news, and acts of the people.

import { t, toast } from "./dom.js";

const ROOT = "/simulator/api/";

export const state = {
  boot: "",
  version: 0,
  bot: "",
  host: "",
  people: [],
  groups: [],
  menus: {},
  typing: {},
  quota: {},
  faults: {},
  places: [],
  scenes: [],
};

export async function begin() {
  const answer = await fetch(`${ROOT}start`);
  if (!answer.ok) throw new Error(String(answer.status));
  const start = await answer.json();
  state.places = start.places;
  state.scenes = start.scenes;
  state.inside = start.inside;
  state.console = start.console;
  keep(start);
  return start;
}

function keep(news) {
  for (const name of [
    "boot",
    "version",
    "bot",
    "host",
    "people",
    "groups",
    "menus",
    "typing",
    "quota",
    "faults",
  ]) {
    state[name] = news[name];
  }
}

const rest = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

function awake() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
}

export async function listen(onNews, onSilence) {
  let quiet = 0;
  for (;;) {
    // A hidden page asks nothing: it would hold a connection that a visible one needs.
    await awake();
    try {
      const answer = await fetch(`${ROOT}news?boot=${state.boot}&after=${state.version}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const news = await answer.json();
      const restarted = news.boot !== state.boot;
      keep(news);
      quiet = 0;
      onNews(news, restarted);
      await rest(news.pause || 0.05);
    } catch {
      quiet += 1;
      if (quiet === 2) onSilence();
      await rest(Math.min(8, quiet));
    }
  }
}

async function post(path, body, type, failed = t("failed")) {
  const answer = await fetch(ROOT + path, {
    method: "POST",
    headers: { "content-type": type, "x-simulator": "1" },
    body,
  }).catch(() => null);
  if (answer === null || !answer.ok) {
    toast(failed);
    return null;
  }
  return answer.json();
}

export const act = (name, body, failed) => post(name, JSON.stringify(body), "application/json", failed);

export async function look() {
  try {
    const answer = await fetch(`${ROOT}inside`);
    return answer.ok ? answer.json() : null;
  } catch {
    return null;
  }
}

export function sendPhoto(who, blob) {
  const query = new URLSearchParams({ person: who.person, chat: who.chat });
  return post(`photo?${query}`, blob, "image/jpeg");
}

// A phone makes a JPEG of at most 1600 pixels out of what is chosen, as LINE does before sending.
export async function shrink(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, 1600 / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.86));
    return blob ?? file;
  } catch {
    return file;
  }
}

// The bot writes public addresses; those of its own host lie on this very server. Others are never fetched.
export function ownAddress(address) {
  try {
    const url = new URL(address);
    const own = url.host === state.host || url.host === location.host;
    return own ? url.pathname + url.search + url.hash : null;
  } catch {
    return null;
  }
}
