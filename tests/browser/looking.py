"""Looking at a page as axe does, in every theme, with everything on it unfolded.

`make test-all` looks at each page in each theme; `make test` at each page whole, in the theme whose turn it is.
"""

import itertools
import os

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

THEMES = ("light", "dark", "contrast", "contrast-dark")
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WHAT_A_THEME_CHANGES = ["color-contrast", "link-in-text-block", "target-size"]
"""A theme is colours and the weight of lines: names, roles and order cannot differ between two of them."""

NARROW = {"viewport": {"width": 320, "height": 700}, "reduced_motion": "reduce"}
"""The smallest screen, and no colour still on its way to another while it is measured."""
EVERY = os.environ.get("HEARTH_TEST_ALL") == "1"
_turns = itertools.cycle(THEMES)

AXE = Axe().axe_script
RUN = "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"


def violations(page: Page, rules: list[str] = EVERYTHING) -> list[str]:
    """What axe finds on the page as it is shown now, and whether it scrolls sideways."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    if page.evaluate("!globalThis.axe"):
        page.evaluate(AXE)
    found = page.evaluate(RUN, rules)["violations"]
    told = [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        told.append("scrolls sideways")
    return told


def in_every_theme(page: Page) -> dict[str, list[str]]:
    """What is wrong with this page, by theme. The theme is an attribute, so the page need not be loaded again."""
    themes, wrong = THEMES if EVERY else (next(_turns),), {}
    for theme in themes:
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        if found := violations(page, EVERYTHING if theme == themes[0] else WHAT_A_THEME_CHANGES):
            wrong[theme] = found
    return wrong


def look(page, wrong, name):
    if found := in_every_theme(page):
        wrong[name] = found


def press(control):
    """Press what leads to another page, and be on that page."""
    with control.page.expect_navigation():
        control.click()
