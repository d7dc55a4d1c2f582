// One phone: who holds it, the chat, quick replies, the writing line and the rich menu.

import { perform } from "./actions.js";
import { button, day, el, icon, iconButton, roleOf, t } from "./dom.js";
import { attach, enlarge } from "./dialogs.js";
import { holderParts, welcome } from "./holder.js";
import { entryNode } from "./messages.js";
import { act, state } from "./net.js";
import { menuImage } from "./richmenu.js";
import { quickReplies } from "./templates.js";

export class Phone {
  constructor(person, store) {
    this.person = person;
    this.store = store;
    this.chat = person.id;
    this.nodes = new Map();
    this.menuOpen = null;
    this.unread = 0;
    this.node = el("section", { class: "phone-place", id: `phone-${person.id}`, "aria-label": person.name });
    this.build();
  }

  build() {
    this.nodes.clear();
    this.quickOf = this.menuShown = this.drawn = null;
    this.holder = el("div", { class: "holder" });
    this.head = el("header", { class: "chat-head" });
    this.log = el("div", {
      class: "log",
      role: "log",
      "aria-live": "polite",
      "aria-label": t("conversation"),
      tabindex: "0",
    });
    this.list = el("div", { class: "log-list" });
    this.waiting = el(
      "div",
      { class: "typing", hidden: true },
      el("img", { class: "sender", src: "/simulator/static/icon.svg", alt: "" }),
      el(
        "span",
        { class: "dots", role: "img", "aria-label": `${state.bot} ${t("typing")}` },
        el("i"),
        el("i"),
        el("i"),
      ),
    );
    this.log.append(this.list, this.waiting);
    this.quick = el("div", { class: "quick", role: "group" });
    this.menu = el("div", { class: "rich-menu" });
    this.screen = el("div", { class: "screen" }, this.head, this.log, this.quick, this.composer(), this.menu);
    // Pictures that load late and growing menus must not push the newest message out of sight.
    this.atEnd = true;
    this.log.addEventListener("scroll", () => {
      this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 120;
    });
    const keepEnd = new ResizeObserver(() => this.atEnd && this.toEnd());
    keepEnd.observe(this.list);
    keepEnd.observe(this.log);
    this.node.replaceChildren(this.holder, el("div", { class: "phone" }, this.screen));
    this.update(this.person);
    this.showAll();
  }

  composer() {
    this.field = el("textarea", {
      class: "field",
      rows: "1",
      maxlength: "5000",
      placeholder: t("write"),
      "aria-label": t("write"),
      enterkeyhint: "send",
      oninput: () => this.grow(),
      onkeydown: (event) => this.key(event),
    });
    this.menuButton = iconButton(t("menu_open"), "menu", () => this.toggleMenu(), "plain");
    const form = el(
      "form",
      { class: "composer", onsubmit: (event) => this.submit(event) },
      iconButton(t("more"), "plus", () => attach(this), "plain"),
      this.menuButton,
      this.field,
      el(
        "button",
        { type: "submit", class: "round go", "aria-label": t("send"), title: t("send") },
        icon("send"),
      ),
    );
    this.blockedBar = el(
      "div",
      { class: "blocked" },
      el("span", { text: t("blocked") }),
      button(t("unblock"), null, () => this.act("follow", {})),
    );
    return el("div", { class: "foot" }, form, this.blockedBar);
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit(event);
    }
  }

  grow() {
    this.field.style.setProperty("height", "auto");
    this.field.style.setProperty("height", `${Math.min(110, this.field.scrollHeight)}px`);
  }

  async submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text) return;
    this.field.value = "";
    this.grow();
    if (!(await this.act("say", { text, mention: this.mention?.checked }))) this.field.value = text;
  }

  act(name, body) {
    return act(name, { person: this.person.id, chat: this.chat, ...body });
  }

  run(action) {
    return perform(this, action);
  }

  write(text) {
    this.field.value = text;
    this.grow();
    this.field.focus();
  }

  enlarge(path) {
    enlarge(path);
  }

  // What the server says about the person: name, hint, menu, blocked or not.
  update(person) {
    this.person = person;
    const role = roleOf(person);
    const key = JSON.stringify([person, state.groups, role]);
    if (key !== this.drawn) {
      this.drawn = key;
      this.holder.replaceChildren(...holderParts(this));
      this.drawHead();
    }
    this.node.classList.toggle("is-blocked", !person.friend);
    this.drawMenu();
  }

  drawHead() {
    const groups = state.groups.filter((group) => group.members.includes(this.person.id));
    const chats = [
      [this.person.id, state.bot],
      ...groups.map((group) => [group.id, group.name || t("group")]),
    ];
    const title =
      chats.length === 1
        ? el(
            "strong",
            { class: "chat-name" },
            el("span", { text: state.bot }),
            el("span", { class: "verified", title: t("bot_status") }, icon("check")),
          )
        : el(
            "select",
            {
              class: "chat-choice",
              "aria-label": t("chat"),
              onchange: (event) => this.open(event.target.value),
            },
            chats.map(([id, name]) => el("option", { value: id, text: name, selected: id === this.chat })),
          );
    const blocking = this.person.friend
      ? iconButton(t("block"), "ban", () => this.act("unfollow", {}), "plain faint")
      : null;
    this.mention = el("input", { type: "checkbox" });
    const call =
      this.chat !== this.person.id && el("label", { class: "mention" }, this.mention, t("mention"));
    this.head.replaceChildren(
      el("img", { src: "/simulator/static/icon.svg", alt: "", class: "sender" }),
      el("div", { class: "chat-title" }, title, el("small", { text: t("bot_status") })),
      call || "",
      blocking ?? "",
    );
  }

  open(chat) {
    this.chat = chat;
    this.drawHead();
    this.showAll();
  }

  drawMenu() {
    const menu = state.menus[this.person.menu];
    const here = menu && this.chat === this.person.id;
    this.menuButton.hidden = !here;
    if (!here) {
      this.menu.replaceChildren();
      this.menuShown = null;
      return;
    }
    if (this.menuOpen === null) this.menuOpen = menu.selected && window.innerHeight > 700;
    if (this.menuShown !== menu.richMenuId) {
      this.menuShown = menu.richMenuId;
      this.menu.replaceChildren(menuImage(menu, (action) => this.run(action)));
    }
    this.menu.hidden = !this.menuOpen;
    this.menuButton.setAttribute("aria-expanded", String(this.menuOpen));
    this.menuButton.setAttribute(
      "aria-label",
      `${menu.chatBarText} · ${t(this.menuOpen ? "menu_close" : "menu_open")}`,
    );
  }

  toggleMenu() {
    this.menuOpen = !this.menuOpen;
    this.drawMenu();
    this.toEnd();
  }

  showAll() {
    this.nodes.clear();
    this.list.replaceChildren();
    this.lastDay = null;
    for (const entry of this.store.of(this.chat)) this.show(entry, true);
    this.after();
    this.toEnd();
  }

  show(entry, quiet = false) {
    if (entry.chat !== this.chat) return;
    const node = entryNode(entry, this);
    const old = this.nodes.get(entry.id);
    if (old) {
      old.replaceWith(node);
    } else {
      const date = day(entry.at);
      if (date !== this.lastDay && entry.messages.length + (entry.how === "follow") > 0) {
        this.lastDay = date;
        this.list.append(el("div", { class: "middle day", text: date }));
      }
      if (!quiet) node.classList.add("fresh");
      this.list.append(node);
    }
    this.nodes.set(entry.id, node);
  }

  // Takes news in: redraws what changed and stays at the end unless the reader scrolled up.
  take(entries) {
    const mine = entries.filter((entry) => entry.chat === this.chat);
    for (const entry of mine) this.show(entry);
    this.unread += mine.filter((entry) => entry.from === "bot").length;
    this.after();
    if (mine.some((entry) => entry.who === this.person.id)) this.toEnd();
  }

  after() {
    const entries = this.store.of(this.chat);
    const last = entries.at(-1);
    const items = last?.from === "bot" ? last.messages.at(-1)?.quickReply?.items : null;
    const key = items ? last.id : entries.length === 0 ? "empty" : "";
    if (this.quickOf !== key || key === "empty") {
      this.quickOf = key;
      this.quick.replaceChildren(...(items ? quickReplies(items, (action) => this.run(action)) : []));
    }
    this.list.querySelector(".welcome")?.remove();
    if (entries.length === 0 && this.chat === this.person.id) this.list.append(welcome(this));
    this.showTyping();
  }

  showTyping() {
    const seconds = state.typing[this.chat] ?? 0;
    clearTimeout(this.typingEnd);
    this.waiting.hidden = seconds <= 0;
    if (seconds > 0)
      this.typingEnd = setTimeout(() => {
        this.waiting.hidden = true;
      }, seconds * 1000);
  }

  toEnd() {
    this.atEnd = true;
    requestAnimationFrame(() => this.log.scrollTo({ top: this.log.scrollHeight }));
  }
}
