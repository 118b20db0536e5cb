// One letter does what the link, button or form marked with it does; never while somebody types, or with another key held.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select")) return;
  const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!marked) return;
  event.preventDefault();
  if (marked instanceof HTMLFormElement) marked.requestSubmit();
  else {
    marked.focus();
    marked.click();
  }
});
