// Notices to this browser: says what is missing for them, asks for permission, and lets the form send what the browser
// gave. Without this script the form serves every other way.
"use strict";

const form = document.getElementById("add-way");
const { kind, address } = form.elements;
const note = document.getElementById("browser-way"); // its data- attributes hold what it may say

function isOnIos() {
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
}

// What stands in the way of pushes here, by the name of what is said of it; empty where nothing does.
function hindrance() {
  if (!isSecureContext) return "insecure";
  if (isOnIos() && !matchMedia("(display-mode: standalone)").matches) return "notOnHomeScreen";
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return "unable";
  return Notification.permission === "denied" ? "refused" : "";
}

function say(what, isAlert) {
  note.className = isAlert ? "error" : "note";
  note.textContent = note.dataset[what];
  if (isAlert) note.focus();
}

function choose() {
  const isBrowser = kind.value === "browser";
  note.hidden = !isBrowser;
  if (isBrowser) say(hindrance() || "ready", false);
}

// Ask the person first: browsers allow that only as an answer to a press.
async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") return "refused";
  try {
    const answer = await fetch(note.dataset.key, { method: "POST" });
    if (!answer.ok || answer.redirected) return "failed";
    const applicationServerKey = await answer.text();
    await navigator.serviceWorker.register(note.dataset.worker);
    const { pushManager } = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey };
    if (applicationServerKey) address.value = JSON.stringify(await renew(pushManager, options));
    return "";
  } catch {
    return "failed";
  }
}

// What was subscribed with another key takes nothing from here.
async function renew(pushManager, options) {
  try {
    return await pushManager.subscribe(options);
  } catch (trouble) {
    if (trouble.name !== "InvalidStateError") throw trouble;
    await (await pushManager.getSubscription()).unsubscribe();
    return pushManager.subscribe(options);
  }
}

form.addEventListener("submit", async (event) => {
  if (kind.value !== "browser") return;
  event.preventDefault();
  const trouble = hindrance() || (await subscribe());
  if (trouble) say(trouble, true);
  else form.submit();
});
kind.addEventListener("change", choose);
choose();
