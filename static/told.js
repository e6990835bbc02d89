// Whoever comes by the link of a notice has opened it: says so once, and puts the link right for a bookmark.
"use strict";

const opened = document.getElementById("opened");
fetch(opened.action, { method: "POST", credentials: "same-origin" })
  .then((answer) => {
    if (answer.ok) opened.hidden = true;
  })
  .catch(() => {});
const here = new URL(location.href);
here.searchParams.delete("told");
history.replaceState(history.state, "", here);
