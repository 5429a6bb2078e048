// Keeps the page in step with the server: reads the conversation, then follows its news, and begins again
// whenever the connection breaks.
import { SignedOut, get, say, streamOf } from "./api.js";

const PAUSES = [500, 1000, 2000, 4000, 8000];
const PATIENCE = 1500; // a shorter break is not worth a word
const HIDDEN_FOR = 20000; // a browser allows few streams to one address: tabs that nobody sees give theirs back

export class Stream {
  constructor(notice, handlers) {
    this.notice = notice;
    this.handlers = handlers; // whole(log), entry(entry), home(sections)
    this.failures = 0;
    document.addEventListener("visibilitychange", () => this.seen());
    window.addEventListener("online", () => this.begin());
    window.addEventListener("pagehide", () => this.close());
    window.addEventListener("pageshow", (event) => event.persisted && this.begin());
  }

  async begin() {
    this.close();
    const turn = (this.turn = Symbol("turn"));
    try {
      const log = await get("/chat/log");
      if (turn !== this.turn) return;
      this.handlers.whole(log);
      this.follow(log.last);
    } catch (error) {
      if (turn === this.turn) this.failed(error);
    }
  }

  follow(last) {
    const source = (this.source = streamOf(last));
    source.addEventListener("open", () => this.restored());
    source.addEventListener("entry", (event) => this.handlers.entry(JSON.parse(event.data)));
    source.addEventListener("home", (event) => this.handlers.home(JSON.parse(event.data)));
    source.addEventListener("reset", () => this.begin());
    source.addEventListener("error", () => this.failed());
  }

  failed(error = null) {
    this.close();
    if (error instanceof SignedOut) return this.tell(say("signed-out"));
    this.patience ??= setTimeout(() => this.tell(say("offline")), PATIENCE);
    const pause = PAUSES[Math.min(this.failures++, PAUSES.length - 1)];
    this.retry = setTimeout(() => this.begin(), pause);
  }

  restored() {
    this.failures = 0;
    clearTimeout(this.patience);
    this.patience = null;
    if (this.notice.hidden) return;
    this.tell(say("online"), "good");
    setTimeout(() => this.source && (this.notice.hidden = true), 2000);
  }

  tell(text, tone = "") {
    this.notice.textContent = text;
    this.notice.className = `connection ${tone}`;
    this.notice.hidden = false;
  }

  close() {
    this.turn = null;
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }

  seen() {
    clearTimeout(this.sleep);
    if (document.hidden) this.sleep = setTimeout(() => this.close(), HIDDEN_FOR);
    else if (!this.source) this.begin();
  }
}
