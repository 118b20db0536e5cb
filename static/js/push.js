// Switches notifications on for this browser: asks it for an address, and sends that as an ordinary form.
// Without this file, or in a browser that can't, the page simply does not offer it.
const form = document.querySelector("[data-push]");

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function isFor(subscription, key) {
  const known = new Uint8Array(subscription.options.applicationServerKey ?? []);
  return known.length === key.length && known.every((byte, index) => byte === key[index]);
}

async function subscribe() {
  const key = bytes(form.dataset.push);
  const worker = await navigator.serviceWorker.register(form.dataset.worker);
  await navigator.serviceWorker.ready;
  const old = await worker.pushManager.getSubscription();
  if (old && isFor(old, key)) return old;
  if (old) await old.unsubscribe();
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function tell(what) {
  for (const line of form.querySelectorAll("[data-push-tells]")) line.hidden = line.dataset.pushTells !== what;
}

async function switchOn() {
  tell("wait");
  if ((await Notification.requestPermission()) !== "granted") {
    tell("denied");
    return;
  }
  try {
    const { endpoint, keys } = (await subscribe()).toJSON();
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
    form.submit();
  } catch {
    tell("failed");
  }
}

if (form && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  form.hidden = false;
  document.querySelector("[data-push-not]").hidden = true;
  form.querySelector("[data-push-on]").addEventListener("click", switchOn);
}
