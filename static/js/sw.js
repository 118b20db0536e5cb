// The service worker, served at /sw.js with what stands in braces filled in. Without a connection it shows one page,
// with the numbers to call; it keeps nothing that anybody saw. It also shows what a push brings, and opens the site
// when that is pressed: the words come encrypted and tell nothing, and where a press leads stands here.
const HOME = "/home/";
const { cache: CACHE, page: PAGE, files: FILES } = JSON.parse('{kept}');

self.addEventListener("install", (event) => {
  // Without cookies, so that the page is nobody's.
  const wanted = [new Request(PAGE, { credentials: "omit" }), ...FILES];
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(wanted))
      .then(() => self.skipWaiting()),
  );
});

async function forgetEarlier() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
}

self.addEventListener("activate", (event) => event.waitUntil(forgetEarlier()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (FILES.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request.url)));
  }
});

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
