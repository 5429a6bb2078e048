// The chat page: puts its parts together.
import { say } from "./api.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { closable } from "./menu.js";
import { pickable } from "./people.js";
import { Plan } from "./plan.js";
import { onPress } from "./presses.js";
import { Follower } from "./scroll.js";
import { Stream } from "./stream.js";

const TYPES_FOR = 6000;
const at = (id) => document.getElementById(id);

const log = new Log(at("log"), at("announcer"));
const follower = new Follower(at("scroller"), at("latest"));
const plan = new Plan(at("plan"), at("plan-body"), at("plan-toggle"), at("plan-close"));
let typing = null;
let started = false;

function types(shown) {
  clearTimeout(typing);
  at("typing").textContent = say("typing");
  at("typing").hidden = !shown;
  if (!shown) return;
  typing = setTimeout(() => types(false), TYPES_FOR);
  follower.changed();
}

function show(entry, state = "") {
  if (entry.kind === "message") types(false);
  const added = log.show(entry, state);
  at("empty").hidden = !log.isEmpty;
  added?.classList.add("fresh"); // only what comes while one looks on moves
  if (!added) follower.changed();
  else if (state) follower.toEnd(); // written here, not in another tab
  else follower.added(added);
}

function tell(text) {
  if (text) types(false);
  at("problem").textContent = text;
  at("problem").hidden = !text;
}

function begun() {
  tell("");
  types(true);
}

const composer = new Composer(at("composer"), at("text"), document.querySelector(".chips"), {
  show,
  begun,
  stalled: () => types(false),
  refused: tell,
});

function whole({ entries, home }) {
  plan.show(home);
  if (started) return entries.forEach((entry) => show(entry));
  started = true;
  const nodes = entries.map((entry) => log.show(entry));
  at("empty").hidden = !log.isEmpty;
  follower.toEnd();
  if (nodes.length) follower.added(nodes.at(-1));
  composer.resume();
}

onPress(begun, tell);
pickable(document.querySelector(".switcher"), at("problem"));
closable(document.querySelector(".switcher"));
new Stream(at("connection"), { whole, entry: show, home: (sections) => plan.show(sections) }).begin();
