// A message as elements: text, facts, progress, steps, links, a word about the buttons, and these.
import { say } from "./api.js";
import { el, hidden, link, linked, sign } from "./dom.js";
import { pressable } from "./presses.js";

const FEW = 2; // so many steps are not worth folding away
const OTHER = "answer"; // the action of what else may have been meant: it stands below the word about it
const ABOUT = 80; // characters that tell one button from another of the same label
const folds = new Map(); // what the reader has opened stays open when the message changes

// `where`: the part of the page, if there is another that shows the same.
export function messageNodes(message, ref, where = "") {
  return [
    message.text ? el("p", { class: "text" }, ...linked(message.text)) : null,
    facts(message.facts),
    progress(message.progress),
    steps(message, ref, where),
    links(message.links),
    ...acts(message, ref, where),
  ].filter((node) => node !== null);
}

function facts(list) {
  if (!list.length) return null;
  const rows = list.map(({ name, value }) =>
    el("div", {}, el("dt", { text: name }), el("dd", {}, ...linked(value))),
  );
  return el("dl", { class: "facts" }, ...rows);
}

function progress(state) {
  if (!state) return null;
  const bar = el("progress", { max: state.total || 1, value: state.done, "aria-label": say("progress-name") });
  return el("div", { class: "progress" }, bar, el("span", { text: say("progress", state.done, state.total) }));
}

function steps({ items, progress: whole }, ref, where) {
  if (!items.length) return null;
  const line = (item) => step(item, ref, where, Boolean(whole));
  if (!whole) return el("ul", { class: "steps" }, ...items.map(line));
  const past = items.filter((item) => item.mark === "done" || item.mark === "skipped");
  const ahead = items.filter((item) => item.mark === "waiting" && !item.button);
  const now = items.filter((item) => !past.includes(item) && !ahead.includes(item));
  return el(
    "div",
    {},
    fold(past, line, `${ref}:past`, "done-fold"),
    now.length ? el("ul", { class: "steps" }, ...now.map(line)) : null,
    fold(ahead, line, `${ref}:ahead`, "waiting-fold"),
  );
}

function fold(items, line, key, text) {
  if (!items.length) return null;
  const list = el("ul", { class: "steps" }, ...items.map(line));
  if (items.length <= FEW) return list;
  const summary = el("summary", { text: say(text, items.length), "data-key": key });
  const details = el("details", { class: "fold" }, summary, list);
  details.open = folds.get(key) ?? false;
  details.addEventListener("toggle", () => folds.set(key, details.open));
  return details;
}

// What is listed and is no step of a plan has nothing to wait for, and no sign of it.
function step(item, ref, where, planned) {
  const marked = planned || item.mark !== "waiting";
  const note = item.note ? el("span", { class: "note", text: item.note }) : null;
  const mark = marked ? hidden(`${say(`mark-${item.mark}`)}: `) : null;
  const head = el("p", { class: "step-title" }, mark, item.title);
  const body = el(
    "div",
    { class: "step-body" },
    head,
    note,
    item.text ? el("p", { class: "step-text" }, ...linked(item.text)) : null,
    links(item.links),
    item.button ? buttons([item.button], ref, item.title, where) : null,
  );
  const live = item.button || item.text ? " live" : "";
  const listed = marked ? "" : " listed";
  return el("li", { class: `step ${item.mark}${live}${listed}`, "data-step": item.id }, marked ? sign(item.mark) : null, body);
}

function links(list) {
  if (!list.length) return null;
  return el("ul", { class: "links" }, ...list.map(({ label, url }) => el("li", {}, link(label, url))));
}

// The word about the buttons stands above those that it is about.
function acts({ text, prompt, buttons: list }, ref, where) {
  if (!prompt) return [buttons(list, ref, text, where)];
  const others = list.filter((button) => button.action === OTHER);
  const rest = list.filter((button) => button.action !== OTHER);
  return [buttons(rest, ref, text, where), el("p", { class: "prompt", text: prompt }), buttons(others, ref, "", where)];
}

// Heard without what stands around it, a button says what it is about: of a dozen none is only "Done".
function named(label, about, where) {
  const line = about.split("\n")[0].trim();
  const short = line.length > ABOUT ? `${line.slice(0, ABOUT).replace(/\s+\S*$/, "")}…` : line;
  return [short ? `${label}: ${short}` : label, where ? ` (${where})` : ""].join("");
}

function buttons(list, ref, about, where) {
  if (!list.length) return null;
  const made = list.map((button) => {
    const name = named(button.label, about, where);
    const node = el("button", { type: "button", class: `act ${button.style}`, text: button.label, "aria-label": name });
    pressable(node, ref, button);
    return node;
  });
  return el("div", { class: "acts" }, ...made);
}
