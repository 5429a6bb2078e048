// The conversation: each entry once, in the order of its first appearance, updated where it stands.
import { say } from "./api.js";
import { el, hidden, linked, settle } from "./dom.js";
import { keepingFocus } from "./focus.js";
import { messageNodes } from "./message.js";
import { renew } from "./presses.js";

const language = document.documentElement.lang;
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const calendar = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "long" });

export class Log {
  constructor(list, announcer) {
    this.list = list;
    this.announcer = announcer;
    this.shown = new Map(); // ref -> { node, json }
    this.day = "";
  }

  get isEmpty() {
    return this.shown.size === 0;
  }

  // Returns the node when the entry is new here, null when it was there or has only changed.
  show(entry, state = "") {
    const json = JSON.stringify(entry) + state;
    const known = this.shown.get(entry.ref);
    if (known?.json === json) return null;
    if (known) {
      this.replace(known.node, entry, state);
      known.json = json;
      return null;
    }
    this.openDay(new Date(entry.at));
    const node = el("li", { class: `entry ${entry.kind}`, tabindex: "-1" });
    this.fill(node, entry, state);
    this.list.append(node);
    this.shown.set(entry.ref, { node, json });
    return node;
  }

  fill(node, entry, state) {
    const when = el("time", { datetime: entry.at, text: clock.format(new Date(entry.at)) });
    const foot = el("p", { class: "foot" }, state ? el("span", { class: "state", text: state }) : when);
    const mine = entry.kind === "typed";
    const body = mine ? [el("p", { class: "text" }, ...linked(entry.text))] : messageNodes(entry.message, entry.ref);
    const bubble = el("div", { class: "bubble" }, hidden(say(mine ? "by-me" : "by-bot")), ...body, foot);
    node.replaceChildren(bubble);
    node.classList.toggle("pending", state !== "");
  }

  replace(node, entry, state) {
    const before = marksOf(node);
    renew(entry.ref);
    keepingFocus(node, () => this.fill(node, entry, state));
    if (entry.kind === "typed") return;
    settle(node);
    glow(node, before);
    this.announcer.textContent = say("updated", entry.message.text);
  }

  openDay(moment) {
    const day = moment.toDateString();
    if (day === this.day) return;
    this.day = day;
    this.list.append(el("li", { class: "day" }, el("span", { text: nameOf(moment) })));
  }
}

function nameOf(moment) {
  const yesterday = new Date();
  yesterday.setDate(yesterday.getDate() - 1);
  if (moment.toDateString() === new Date().toDateString()) return say("today");
  return moment.toDateString() === yesterday.toDateString() ? say("yesterday") : calendar.format(moment);
}

function marksOf(node) {
  return new Map([...node.querySelectorAll("[data-step]")].map((step) => [step.dataset.step, step.className]));
}

// A gentle light on the message, and on the steps that changed.
function glow(node, before) {
  node.classList.remove("updated");
  void node.offsetWidth; // lets the animation begin anew
  node.classList.add("updated");
  for (const step of node.querySelectorAll("[data-step]")) {
    const was = before.get(step.dataset.step);
    if (was !== undefined && was !== step.className) step.classList.add("changed");
  }
}
