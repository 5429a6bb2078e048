// Follows the conversation while the reader is at its end, and leaves them alone when they read further up.
import { say } from "./api.js";

const NEAR = 90; // pixels from the end that still count as being there

export class Follower {
  constructor(scroller, button) {
    this.scroller = scroller;
    this.button = button;
    this.missed = 0;
    this.atEnd = true;
    scroller.addEventListener("scroll", () => this.moved(), { passive: true });
    button.addEventListener("click", () => this.toEnd());
    // A keyboard that opens, or a message that grows, must not push the end out of sight.
    new ResizeObserver(() => this.atEnd && this.jump()).observe(scroller);
  }

  moved() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.atEnd) this.missed = 0;
    this.paint();
  }

  jump() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  toEnd() {
    this.missed = 0;
    this.atEnd = true;
    this.jump();
    this.paint();
  }

  // A message that is taller than the window is shown from its beginning.
  added(node) {
    if (this.atEnd && node.offsetHeight > this.scroller.clientHeight - 40) {
      this.scroller.scrollTop += node.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top - 12;
    } else if (this.atEnd) {
      this.jump();
    } else {
      this.missed += 1;
      this.paint();
    }
  }

  changed() {
    if (this.atEnd) this.jump();
  }

  paint() {
    this.button.hidden = this.atEnd;
    this.button.textContent = this.missed ? say("new-messages", this.missed) : say("to-latest");
  }
}
