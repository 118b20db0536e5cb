// What cannot work without scripts is shown only with them.
for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;

// The quick exit: replaces this page in the history, and also answers to Escape pressed twice.
const exit = document.querySelector("[data-quick-exit]");

function leave() {
  document.documentElement.hidden = true;
  window.location.replace(exit.href);
}

if (exit) {
  let lastEscape = -Infinity;

  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    if (event.timeStamp - lastEscape < 800) leave();
    lastEscape = event.timeStamp;
  });
}

// Members' pages, and the one with the numbers to call, leave a page on the phone that works without a connection.
// Others leave nothing: somebody who only looked may not want it to be seen.
const { worker } = document.body.dataset;
if (worker && "serviceWorker" in navigator) {
  window.addEventListener("load", () => navigator.serviceWorker.register(worker).catch(() => undefined));
}
