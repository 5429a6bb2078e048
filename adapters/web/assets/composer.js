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
  // `show(entry, state)` puts a message into the conversation; `begun()` and `stalled()` say how it goes, `refused(text)`
  // why it was not sent.
  constructor(form, field, chips, { show, begun, stalled, refused }) {
    Object.assign(this, { form, field, show, begun, stalled, refused });
    this.longest = Number(field.dataset.longest);
    this.tooLong = false;
    this.queue = Promise.resolve();
    form.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("input", () => (this.fit(), this.shortened()));
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

  // What is too long stays in the field, and nothing of it is cut; once it is short enough, there is nothing to say.
  shortened() {
    if (this.tooLong && lengthOf(this.field.value) <= this.longest) this.refuse("");
  }

  refuse(text) {
    this.tooLong = text !== "";
    this.refused(text);
  }

  submit() {
    const text = this.field.value.trim();
    if (!text) return;
    const length = lengthOf(text);
    if (length > this.longest) return this.refuse(say("too-long", length, this.longest));
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

// Characters, and not halves of them.
function lengthOf(text) {
  return [...text.trim()].length;
}

function shown({ id, at, text }) {
  return { kind: "typed", ref: `typed-${id}`, at, text };
}
