// The panel of one's own plan or people: beside the conversation where there is room, over it where there is not.
import { say } from "./api.js";
import { el, settle } from "./dom.js";
import { keepingFocus } from "./focus.js";
import { messageNodes } from "./message.js";
import { renew } from "./presses.js";

export class Plan {
  constructor(panel, body, toggle, close) {
    const heading = panel.querySelector("h2");
    Object.assign(this, { panel, body, toggle, heading, json: null });
    toggle.addEventListener("click", () => this.open(!panel.classList.contains("open")));
    close.addEventListener("click", () => this.open(false));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.open(false));
    this.show(null);
  }

  open(opened) {
    if (opened === this.panel.classList.contains("open")) return;
    this.panel.classList.toggle("open", opened);
    this.toggle.setAttribute("aria-expanded", String(opened));
    (opened ? this.panel.querySelector("button") : this.toggle).focus();
  }

  name(text) {
    this.heading.textContent = text;
    this.toggle.textContent = text;
  }

  show(sections) {
    const json = JSON.stringify(sections);
    if (json === this.json) return;
    this.json = json;
    settle(this.body);
    const [first, ...others] = sections ?? [];
    const shown = first && !isHeading(first) ? [first, ...others] : others;
    if (shown === others && others.length) this.name(first.text); // the first heading is the panel's own
    const where = this.heading.textContent;
    const filled = shown.map((message, index) => section(message, `plan-${index}`, where, index === shown.length - 1));
    const empty = [el("p", { class: "nothing", text: say("plan-empty") })];
    keepingFocus(this.body, () => this.body.replaceChildren(...(filled.length ? filled : empty)));
  }
}

function isHeading({ items, progress, facts }) {
  return !items.length && !progress && !facts.length;
}

function section(message, ref, where, last) {
  renew(ref);
  if (isHeading(message)) return el(last ? "p" : "h3", { class: last ? "nothing" : null, text: message.text });
  return el("section", { class: "card" }, ...messageNodes(message, ref, where));
}
