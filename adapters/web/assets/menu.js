// A menu that opens by itself closes by a click elsewhere, by Escape, and when the focus goes on.

export function closable(menu) {
  const elsewhere = (node) => node instanceof Node && !menu.contains(node);
  document.addEventListener("click", (event) => elsewhere(event.target) && (menu.open = false));
  menu.addEventListener("focusout", (event) => elsewhere(event.relatedTarget) && (menu.open = false));
  // Before whatever else listens: one Escape closes one thing.
  document.addEventListener("keydown", (event) => event.key === "Escape" && menu.open && close(event), true);

  function close(event) {
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}
