// The page of a charger: asks for news while it is visible, says when it is out of date, keeps quiet otherwise.
// htmx does the asking and the swapping; an event named "refresh" tells it when.
"use strict";

const SILENT_AFTER_MS = 15000; // no answer from the dashboard for so long: the page says that it is out of date
const AFTER_TROUBLE_MS = 5000;

const live = document.getElementById("live");
const stale = document.getElementById("stale");
let answeredAt = Date.now();
let timer = 0;
let said = spoken();
const present = new WeakMap(); // of sentences that stand in the past, what they said before
let isKept = document.documentElement.hasAttribute("data-offline"); // shown by the service worker, without a connection

function cards() {
  return [...document.querySelectorAll("article[data-every]")];
}

function spoken() {
  return cards().map((card) => card.querySelector(".says").textContent.trim()).join(". ");
}

function plan(ms) {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(refresh, ms);
}

function everyMs() {
  return Math.min(...cards().map((card) => Number(card.dataset.every) * 1000), 5000);
}

// Also while the browser calls itself offline: the dashboard may stand in the same house, and its answer decides.
function refresh() {
  plan(everyMs());
  for (const card of cards()) htmx.trigger(card, "refresh");
  judge();
}

// Out of date: no answer for a while. The button goes off, because nobody knows what it would do.
function judge() {
  const isSilent = Date.now() - answeredAt > SILENT_AFTER_MS;
  if (isSilent) tellStale();
  if (isSilent && stale.hidden) live.textContent = stale.textContent; // the one live region; `stale` is for the eye
  stale.hidden = !isSilent;
  document.documentElement.toggleAttribute("data-silent", isSilent);
  for (const sentence of document.querySelectorAll(".says")) tell(sentence, isSilent);
  for (const button of document.querySelectorAll("article button")) {
    if (isSilent && !isOff(button)) {
      button.disabled = true;
      button.dataset.off = "silent";
    } else if (!isSilent && button.dataset.off) {
      button.disabled = false;
      button.removeAttribute("aria-disabled");
      delete button.dataset.off;
    }
  }
  keepFocus();
}

// Which of the two it is, and as of when the page is: changed only when the words change.
function tellStale() {
  const time = document.querySelector("article .as-of time")?.textContent;
  const why = navigator.onLine === false || isKept ? stale.dataset.noConnection : stale.dataset.noAnswer;
  const words = [why, time ? stale.dataset.known.replace("{time}", time) : ""].join(" ").trim();
  if (stale.textContent !== words) stale.textContent = words;
}

// What nobody knows to be so any more stands in the past: "Was charging at 20:31"; as it was once there is news.
function tell(sentence, isPast) {
  const { past } = sentence.dataset;
  if (isPast && past && !present.has(sentence)) {
    present.set(sentence, [...sentence.childNodes]);
    sentence.textContent = past;
  } else if (!isPast && present.has(sentence)) {
    if (past && sentence.textContent === past) sentence.replaceChildren(...present.get(sentence));
    present.delete(sentence);
  }
}

function isOff(button) {
  return button.disabled || button.getAttribute("aria-disabled") === "true";
}

// The browser takes the focus from a disabled button; one that has it goes off in a way that leaves it there.
function keepFocus() {
  const button = document.activeElement;
  if (!button.matches("article button:disabled")) return;
  button.setAttribute("aria-disabled", "true");
  button.disabled = false;
}

function answered() {
  isKept = false;
  answeredAt = Date.now();
  judge();
}

// What changed is said once: the sentence, and a passing message.
function say() {
  const now = spoken();
  const message = document.querySelector("[data-say]")?.textContent.trim();
  if (now !== said || message) live.textContent = [message, now !== said ? now : ""].filter(Boolean).join(". ");
  said = now;
  const name = document.querySelector("article .as-of strong")?.textContent.trim();
  if (cards().length === 1) document.title = `${now} – ${name}`;
}

document.addEventListener("htmx:after:request", (event) => {
  const response = event.detail.ctx?.response;
  const status = response?.status ?? response?.raw?.status;
  if (status >= 200 && status < 300) answered();
  else plan(AFTER_TROUBLE_MS);
});
document.addEventListener("htmx:after:swap", () => {
  judge();
  say();
  plan(everyMs());
});
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    answeredAt = 0; // from the back-forward cache: of unknown age until the first answer
    judge();
    refresh();
  }
});
addEventListener("online", refresh);
if (isKept) answeredAt = 0; // of old
judge();
setInterval(judge, 1000);
document.addEventListener(
  "click",
  (event) => {
    if (!event.target.closest?.('[aria-disabled="true"]')) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.target.closest("article") && button) button.setAttribute("aria-busy", "true");
});

plan(everyMs());
if (isSecureContext && "serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register(new URL("service-worker.js", document.querySelector("link[rel=manifest]").href)).catch(() => {}));
}
