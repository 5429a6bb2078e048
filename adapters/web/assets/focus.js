// Who works with the keyboard stays where they were when what they see is drawn anew.

import { SETTLES } from "./dom.js";

const CAN_BE_FOCUSED = "button, a[href], summary";

let arrival = { node: null, until: 0 };

// Has the button only just come into the place of another? A second press of the key was not meant for it.
export function hasJustArrived(node) {
  return arrival.node === node && performance.now() < arrival.until;
}

// The same thing before and after, though its element is another one.
function nameOf(node) {
  return node.dataset.key ?? `${node.tagName} ${node.getAttribute("href") ?? ""} ${node.textContent}`;
}

function reachable(root) {
  return [...root.querySelectorAll(CAN_BE_FOCUSED)].filter((node) => node.getClientRects().length);
}

// Runs `change`. The focus is then on the same thing, else on what has come into its place (after a button rather
// another button), else on what stands before it, else on `root`.
export function keepingFocus(root, change) {
  const active = document.activeElement;
  if (active === root || !root.contains(active)) return change();
  const before = reachable(root);
  const at = before.indexOf(active);
  const order = at < 0 ? [] : [active, ...before.slice(at + 1), ...before.slice(0, at).reverse()];
  const alike = order.filter((node) => node.tagName === active.tagName);
  const wanted = [...alike, ...order].map(nameOf);
  const nameBefore = nameOf(active);
  change();
  const found = new Map(reachable(root).map((node) => [nameOf(node), node]));
  const name = wanted.find((one) => found.has(one));
  const node = found.get(name) ?? root;
  node.focus({ preventScroll: true });
  if (node.matches(":focus-visible")) node.scrollIntoView({ block: "nearest" });
  if (name !== nameBefore) arrival = { node, until: performance.now() + SETTLES };
}
