// A link to hand on: a button that copies it, and one that shares it where the browser can. Without this script the
// link is text to select.
"use strict";

const link = document.getElementById("link");
const copy = document.getElementById("copy");
const share = document.getElementById("share");

// Over plain http, as in most home networks, there is no clipboard; copying what is selected works there too.
async function copyLink() {
  try {
    await navigator.clipboard.writeText(link.value);
  } catch {
    link.select();
    if (!document.execCommand("copy")) return; // it stays selected, for a copy by hand
  }
  copy.textContent = document.getElementById("copied").textContent = copy.dataset.done;
}

link.addEventListener("focus", () => link.select());
copy.addEventListener("click", copyLink);
share.addEventListener("click", () => navigator.share({ url: link.value }).catch(() => {})); // or thought better
share.hidden = !navigator.share;
document.getElementById("hand-on").hidden = false;
