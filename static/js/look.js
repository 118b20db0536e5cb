// Looks now and then whether a page has news, more and more seldom, and never while nobody can see it. What is new takes
// the place of the main part, and is said above it, also to those who do not see it.
const FIRST_MS = 15_000;
const LONGEST_MS = 300_000;

let wait = FIRST_MS;
let timer = 0;
let says = "";
let focused = false;

const part = () => document.querySelector("[data-look-again]");

function plan() {
  clearTimeout(timer);
  if (!document.hidden && part()) timer = setTimeout(look, wait);
}

function look() {
  wait = Math.min(2 * wait, LONGEST_MS);
  part()?.dispatchEvent(new CustomEvent("look"));
  plan();
}

document.addEventListener("visibilitychange", () => {
  wait = FIRST_MS;
  if (document.hidden) clearTimeout(timer);
  else look();
});

// The page to sign in at must not take the place of this one.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (new URL(detail.xhr.responseURL).pathname !== window.location.pathname) detail.shouldSwap = false;
  says = part()?.dataset.lookSays ?? "";
  focused = detail.target.contains(document.activeElement);
});

document.addEventListener("htmx:afterSwap", () => {
  const news = document.createElement("p");
  news.className = "notice";
  news.textContent = says;
  document.querySelector(".messages").replaceChildren(news);
  if (focused) document.querySelector("main").focus();
  wait = FIRST_MS;
  plan();
});

plan();
