// The service worker, served at /sw.js. It shows what a push brings, and opens the site when it is pressed.
// The words come encrypted and tell nothing; where a press leads stands here, not in the message.
const HOME = "/home/";

self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data.json();
  } catch {
    // An empty or unreadable push still has to show something.
  }
  event.waitUntil(self.registration.showNotification(said.title || "·", { body: said.body || "", tag: "notice" }));
});

async function open() {
  const windows = await self.clients.matchAll({ type: "window" });
  for (const page of windows) {
    if (new URL(page.url).pathname === HOME) return page.focus();
  }
  return self.clients.openWindow(HOME);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open());
});
