// Picking who one is, on the start page and in the header of the chat.
import { newId, post, say } from "./api.js";

export function pickable(root, problem) {
  const buttons = [...root.querySelectorAll("[data-person]")];
  const freeze = (frozen) => buttons.forEach((button) => (button.disabled = frozen));
  window.addEventListener("pageshow", () => freeze(false));

  async function pick(button) {
    const picked = button.dataset.person;
    freeze(true);
    problem.hidden = true;
    try {
      await post("/chat/session", { id: newId(), person: picked }, () => show(say("repeating")));
      location.assign(`/chat?as=${encodeURIComponent(picked)}`);
    } catch (error) {
      freeze(false);
      show(error.message || say("pick-failed"));
      button.focus();
    }
  }

  function show(text) {
    problem.textContent = text;
    problem.hidden = false;
  }

  buttons.forEach((button) => button.addEventListener("click", () => pick(button)));
}
