"""The card in every situation of the truth table, made by the simulator; its pictures are kept for looking at."""

from pathlib import Path

import pytest

from tests.browser.steps import PHONE, enter
from zaptec.situation import SituationName

PICTURES = Path(__file__).parent / "failures" / "portfolio"
CARDS = """() => Object.fromEntries([...document.querySelectorAll('article')].map((card) =>
  [card.querySelector('.as-of strong').textContent, [card.dataset.situation, card.dataset.tone]]))"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_situation_has_its_card(portfolio, new_page, dark):
    page = enter(new_page(dark=dark), portfolio)
    page.goto(portfolio.url + "/portfolio")
    cards = page.evaluate(CARDS)
    assert {name: shown for name, (shown, _) in cards.items()} == {name.value: name.value for name in SituationName}
    for article in page.locator("article").all():
        assert article.locator("h1").inner_text().strip()
        assert article.locator(".sentence svg").is_visible()  # never colour alone
        is_said = article.get_attribute("data-situation") == "disconnected"  # by the sentence: plug the car in
        # A button, or why there is none.
        assert article.locator(".act button, .act .reason").count() == (0 if is_said else 1)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{'dark' if dark else 'light'}.png", full_page=True)


def test_the_portfolio_is_no_part_of_the_product(live, new_page):
    page = enter(new_page(size=PHONE), live)
    assert page.goto(live.url + "/portfolio").status == 404
