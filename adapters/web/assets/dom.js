// Builds elements. Text always enters as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") made.textContent = value;
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export const SETTLES = 600;

// Buttons move when their list changes: for a moment a second click must not hit the one that came under the pointer.
export function settle(node) {
  node.classList.add("settling");
  setTimeout(() => node.classList.remove("settling"), SETTLES);
}

export function hidden(text) {
  return el("span", { class: "hidden", text });
}

const SHAPES = {
  done: "M5 12.5 10 17.5 19 7",
  skipped: "M6 12H18",
  overdue: "M12 6V13M12 17V17.4",
};

// The sign of a step's state; who cannot see it hears the label beside it.
export function sign(mark) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[mark] ?? "");
  svg.append(path);
  return el("span", { class: `sign ${mark}` }, svg);
}

const ADDRESS = /(https?:\/\/[^\s<>"'«»]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)/g;
const TRAILING = /[.,;:!?)\]}»…]+$/;

// A text with its addresses as links.
export function linked(text) {
  return text.split(ADDRESS).flatMap((part, index) => (index % 2 ? addressed(part) : part ? [part] : []));
}

function addressed(part) {
  const url = part.replace(TRAILING, "");
  const rest = part.slice(url.length);
  const href = url.startsWith("http") ? url : `mailto:${url}`;
  return rest ? [link(url, href), rest] : [link(url, href)];
}

export function link(label, href) {
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", text: label });
}
