"""Nothing is cut and nothing lies over anything else: on a narrow phone, and with text twice as large."""

from __future__ import annotations

import pytest

from tests.browser.steps import enter, larger_text

SITUATIONS = ("charging", "paused", "offline", "waiting_power", "disconnected", "scheduled", "no_access")
PAGES = {
    "several chargers": ["/"],
    "one charger": [f"/chargers/{{{name}}}" for name in SITUATIONS],
    "plan": ["/plan"],
    "people": ["/household", "/account", "/activity", "/more", "/more/chargers", "/doors", "/demo"],
    "an action": ["/pause", "/chargers/{charging}/deauthorize", "/chargers/{charging}/observations"],
}
SIZES = [(320, 100), (320, 200), (360, 200), (1280, 200)]
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
# Each piece of text has to lie inside the window, inside whatever around it hides or scrolls, and over no other.
SILENT = ".unseen, nav.bar, noscript, script, style, option, title"
CUT = """(silent) => {
  const found = [], seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const around = (node) => node ? [node, ...around(node.parentElement)] : [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement, text = node.textContent.trim();
    if (!text || !parent.checkVisibility() || parent.closest(silent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      const outside = (edge) => box.left < edge.left - 1 || box.right > edge.right + 1;
      if (outside({left: 0, right: innerWidth})) found.push(`outside the window: ${text}`);
      for (const one of around(parent)) {
        const hides = getComputedStyle(one).overflowX !== 'visible' && one.clientWidth;
        if (hides && outside(one.getBoundingClientRect())) found.push(`cut: ${text}`);
      }
      for (const other of seen) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 2 && down > 4) found.push(`over ${other.text}: ${text}`);
      }
      seen.push({box, text});
    }
  }
  for (const field of document.querySelectorAll('input:not([type=hidden], [type=checkbox], [type=radio])')) {
    const isShort = field.value.length < 7; // a name may be scrolled, a time or a price may not
    const isCut = field.checkVisibility() && field.scrollWidth > field.clientWidth + 1;
    if (isShort && isCut) found.push(`cut: ${field.name}`);
  }
  const width = document.documentElement.scrollWidth;
  if (width > innerWidth) found.push(`the page is ${width} px wide`);
  return found.map((one) => one.slice(0, 120));
}"""


@pytest.mark.parametrize("pages", PAGES)
@pytest.mark.parametrize(("width", "percent"), SIZES)
def test_nothing_is_cut(portfolio, new_page, pages, width, percent):
    ids = portfolio.app.extensions["portfolio"]
    page = new_page(size={"width": width, "height": 640})
    larger_text(page, percent)
    enter(page, portfolio)
    found = {}
    for path in PAGES[pages]:
        page.goto(portfolio.url + path.format(**ids))
        page.evaluate(UNFOLD)
        if problems := page.evaluate(CUT, SILENT):
            found[path] = problems
    assert found == {}
