// Talks to the server. A POST is repeated with the same id until the server has answered, so it is one act.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;

const page = document.body;
export const person = page.dataset.person ?? "";
const texts = JSON.parse(page.dataset.texts);

// A text of the page; %1 and %2 are filled in.
export function say(key, ...values) {
  return values.reduce((text, value, index) => text.replace(`%${index + 1}`, () => value), texts[key]);
}

export class Refusal extends Error {}
export class SignedOut extends Error {}

function address(path) {
  return person ? `${path}?as=${encodeURIComponent(person)}` : path;
}

// crypto.randomUUID exists on https and loopback only; a sandbox may be looked at from another machine.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

export async function get(path) {
  const answer = await fetch(address(path), { headers: { Accept: "application/json" } });
  if (answer.status === 401) throw new SignedOut();
  if (!answer.ok) throw new TypeError(`${path}: ${answer.status}`);
  return answer.json();
}

export function streamOf(after) {
  return new EventSource(`${address("/chat/events")}&after=${encodeURIComponent(after)}`);
}

async function attempt(path, body) {
  const answer = await fetch(address(path), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (answer === null || answer.status >= 500) return false;
  if (answer.ok) return true;
  if (answer.status === 401) throw new SignedOut();
  const { error } = await answer.json().catch(() => ({ error: { text: say("not-sent") } }));
  throw new Refusal(error.text);
}

// Resolves when it is done; `repeats` is called before each wait. Throws Refusal, or SignedOut.
export async function post(path, body, repeats = () => {}) {
  for (let pause = FIRST_PAUSE; !(await attempt(path, body)); pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    repeats();
    await online(pause);
  }
}

// A pause that ends early when the network comes back.
function online(pause) {
  return new Promise((done) => {
    const timer = setTimeout(done, pause);
    window.addEventListener("online", () => (clearTimeout(timer), done()), { once: true });
  });
}
