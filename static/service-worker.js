// Shows the last known state when there is no connection. The network always comes first; nothing is ever queued.
// Whoever signs in here finds nothing of whoever was here before. Shows pushes, and opens what they are about.
"use strict";

const CACHE = "dashboard-VERSION";
const PAGE = /^\/(chargers\/[^/]+)?$/; // the charger's page, and all of them; nothing else is kept
const DOOR = /^\/(login|logout|setup|invitations\/[^/]+|reset\/[^/]+)$/; // where somebody comes in or goes out
let emptied = 0; // how often what is kept was thrown away: an answer that was asked for before is not kept after

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const path = below(url.pathname);
  if (path.startsWith("/static/")) event.respondWith(file(request));
  else if (DOOR.test(path)) event.respondWith(door(request));
  else if (request.method === "GET" && request.mode === "navigate" && PAGE.test(path) && !url.search) {
    event.respondWith(page(request, event));
  } else if (request.headers.get("HX-Request")) event.respondWith(news(request, event));
});
self.addEventListener("push", (event) => event.waitUntil(show(event.data.json().notification)));
self.addEventListener("notificationclick", (event) => event.waitUntil(open(event.notification, event.action)));
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(subscribeAgain(event)));

// What follows the path below which the dashboard stands; empty for what is not ours.
function below(path) {
  const root = new URL(registration.scope).pathname.slice(0, -1);
  return path?.startsWith(`${root}/`) ? path.slice(root.length) : "";
}

async function tidy() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

async function empty() {
  emptied += 1;
  await caches.delete(CACHE);
}

// Both before and after: a page may be asked for while the sign-in is under way.
async function door(request) {
  await empty();
  try {
    return await fetch(request);
  } finally {
    await empty();
  }
}

// A static address carries its content's hash, so what is kept is never out of date.
async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}

async function page(request, event) {
  const before = emptied;
  try {
    const answer = await fetch(request);
    if (answer.redirected || answer.type === "opaqueredirect" || answer.status === 401) await empty();
    else if (answer.status === 200) event.waitUntil(keep(request.url, answer.clone(), before));
    return answer;
  } catch (trouble) {
    const kept = await caches.match(request.url);
    if (!kept) throw trouble;
    const text = (await kept.text()).replace("<html", "<html data-offline");
    return new Response(text, { headers: kept.headers });
  }
}

async function keep(address, answer, before) {
  const cache = await caches.open(CACHE);
  if (emptied === before) await cache.put(address, answer);
}

// A refresh or a press: a new card also replaces the one in what is kept; signed out keeps nothing.
async function news(request, event) {
  const before = emptied;
  const answer = await fetch(request);
  if (answer.status === 401) await empty();
  else if (answer.status === 200) event.waitUntil(answer.clone().text().then((text) => replaceCard(text, before)));
  return answer;
}

async function replaceCard(answer, before) {
  const card = answer.slice(answer.indexOf("<article"), answer.lastIndexOf("</article>"));
  const begin = card.match(/^<article id="[^"]+" class="[^"]+"/)?.[0];
  const address = card.match(/hx-get="([^"?]+)/)?.[1];
  if (!begin || !PAGE.test(below(address))) return;
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    if (!PAGE.test(below(new URL(request.url).pathname))) continue;
    const kept = await cache.match(request);
    const text = await kept.text();
    const from = text.indexOf(begin);
    if (from < 0) continue;
    const page = text.slice(0, from) + card + text.slice(text.indexOf("</article>", from));
    if (emptied === before) await cache.put(request, new Response(page, { headers: kept.headers }));
  }
}

// An address of the dashboard, below whatever path it stands.
function ours(address) {
  return new URL(address, registration.scope);
}

// What iOS shows by itself is shown by others from the same words.
function show({ title, navigate, ...more }) {
  return self.registration.showNotification(title, { ...more, data: navigate });
}

// In a window that is open already rather than in a second one; never at another address than ours. What one of its
// buttons opens is that button's name.
async function open(notification, button) {
  notification.close();
  const link = new URL(button || notification.data, location.origin);
  const address = link.pathname + link.search + link.hash;
  const opened = fetch(ours(`account/notices/${notification.tag}/opened`), { method: "POST" }).catch(() => {});
  const [window] = await self.clients.matchAll({ type: "window" });
  if (window) await Promise.allSettled([window.navigate(address), window.focus()]);
  else await self.clients.openWindow(address);
  await opened;
}

// Some browsers change the address of their pushes now and then; the old one ends by itself.
async function subscribeAgain(event) {
  const { oldSubscription, newSubscription } = event;
  if (!oldSubscription && !newSubscription) return;
  const now = newSubscription ?? (await self.registration.pushManager.subscribe(oldSubscription.options));
  const body = new URLSearchParams({ kind: "browser", address: JSON.stringify(now) });
  await fetch(ours("account/notices/ways"), { method: "POST", body });
}
