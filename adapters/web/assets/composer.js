// Writing: what was written is shown at once, and kept until the server has it, also over a reload.
import { Refusal, SignedOut, newId, person, post, say } from "./api.js";

const KEPT = `unsent:${person}`;

function unsent() {
  return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
}

function keep(entries) {
  sessionStorage.setItem(KEPT, JSON.stringify(entries));
}

export class Composer {
  // `show(entry, state)` puts a message into the conversation; `begun()` and `stalled()` say how it goes.
  constructor(form, field, chips, { show, begun, stalled }) {
    Object.assign(this, { form, field, show, begun, stalled });
    this.queue = Promise.resolve();
    form.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("input", () => this.fit());
    chips.addEventListener("click", (event) => this.suggested(event.target.closest("[data-text]")));
  }

  // Once the conversation is there: what an earlier load of the page could not send.
  resume() {
    unsent().forEach((entry) => this.send(entry));
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  // A command is offered for editing, a question is asked.
  suggested(chip) {
    if (!chip) return;
    this.field.value = chip.dataset.text;
    this.fit();
    this.field.focus();
    if (!chip.dataset.text.startsWith("/")) this.submit();
  }

  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
    this.form.classList.toggle("filled", this.field.value.trim() !== "");
  }

  submit() {
    const text = this.field.value.trim();
    if (!text) return;
    this.field.value = "";
    this.fit();
    const entry = { id: newId(), at: new Date().toISOString(), text };
    keep([...unsent(), entry]);
    this.send(entry);
  }

  // One by one, so that they arrive in the order in which they were written.
  send(entry) {
    this.show(shown(entry), say("sending"));
    this.begun();
    this.queue = this.queue.then(() => this.deliver(entry));
  }

  stall(entry) {
    this.show(shown(entry), say("repeating"));
    this.stalled();
  }

  async deliver(entry) {
    const { id, text } = entry;
    try {
      await post("/chat/say", { id, text }, () => this.stall(entry));
      this.show(shown(entry), "");
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof SignedOut)) throw error;
      this.show(shown(entry), error.message || `${say("not-sent")}. ${say("signed-out")}`);
    }
    keep(unsent().filter((kept) => kept.id !== id));
  }
}

function shown({ id, at, text }) {
  return { kind: "typed", ref: `typed-${id}`, at, text };
}
