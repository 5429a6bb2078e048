// Which buttons are on their way or used up: a button is pressed once in each version of its message.
import { Refusal, SignedOut, newId, post, say } from "./api.js";
import { hasJustArrived } from "./focus.js";

const SENDING = "sending";
const SENT = "sent";
const pressed = new Map();
const versions = new Map();
const listeners = { begun: () => {}, failed: () => {} };

export function onPress(begun, failed) {
  Object.assign(listeners, { begun, failed });
}

function versionOf(ref) {
  return versions.get(ref) ?? 0;
}

function keyOf(ref, { action, value }) {
  return `${ref}\n${action}\n${value}`;
}

// A new version of a message has new buttons.
export function renew(ref) {
  versions.set(ref, versionOf(ref) + 1);
  for (const key of pressed.keys()) if (key.startsWith(`${ref}\n`) && pressed.get(key) === SENT) pressed.delete(key);
}

// aria-disabled instead of disabled: the button keeps the focus, and is read out as it is.
function look(node, state) {
  node.toggleAttribute("data-sending", state === SENDING);
  if (state) node.setAttribute("aria-disabled", "true");
  else node.removeAttribute("aria-disabled");
}

export function pressable(node, ref, button) {
  const key = keyOf(ref, button);
  node.dataset.key = key;
  look(node, pressed.get(key));
  node.addEventListener("click", () => hasJustArrived(node) || press(ref, key, button));
  // A key that is held down would press whatever comes into the place of the button, too.
  node.addEventListener("keydown", (event) => event.repeat && event.key === "Enter" && event.preventDefault());
}

function paint(key) {
  for (const node of document.querySelectorAll("[data-key]")) if (node.dataset.key === key) look(node, pressed.get(key));
}

function mark(key, state) {
  if (state) pressed.set(key, state);
  else pressed.delete(key);
  paint(key);
}

async function press(ref, key, { action, value, style }) {
  if (pressed.has(key)) return;
  const version = versionOf(ref);
  mark(key, SENDING);
  listeners.begun();
  try {
    await post("/chat/press", { id: newId(), action, value, ref }, () => listeners.failed(say("repeating")));
    // What only shows something may be asked for again; what changes something waits for its message to change.
    mark(key, style === "plain" || version !== versionOf(ref) ? null : SENT);
  } catch (error) {
    mark(key, null);
    if (!(error instanceof Refusal || error instanceof SignedOut)) throw error;
    listeners.failed(error instanceof SignedOut ? say("signed-out") : error.message);
  }
}
