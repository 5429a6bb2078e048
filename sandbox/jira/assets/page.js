// Shows news without a reload: asks for the revision, and fetches the page again when there is a new one.
"use strict";

const EVERY = 2000;
const offline = document.getElementById("offline");

const touched = new Set(); // ids of what a person has begun to fill in

document.addEventListener("input", (event) => touched.add(event.target.id));
document.addEventListener("toggle", (event) => touched.add(event.target.id), true);
document.addEventListener("submit", () => touched.clear());

function keepTouched(fresh) {
  for (const id of touched) {
    const [old, now] = [document.getElementById(id), fresh.getElementById(id)];
    if (!old || !now) continue;
    if (old instanceof HTMLDetailsElement) now.open = old.open;
    else now.value = old.value;
  }
}

function focusedId() {
  return document.activeElement ? document.activeElement.id : "";
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = focusedId();
  keepTouched(fresh);
  document.querySelector("main").replaceWith(document.adoptNode(fresh.querySelector("main")));
  if (focused) document.getElementById(focused)?.focus();
}

async function look() {
  if (document.hidden) return;
  try {
    const { revision } = await (await fetch("/revision")).json();
    if (revision !== document.querySelector("main").dataset.revision) await refresh();
    offline.hidden = true;
  } catch {
    offline.textContent = document.body.dataset.offline;
    offline.hidden = false;
  }
}

setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
