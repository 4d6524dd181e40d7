"""Looking at a page as axe does, in every theme, with everything on it unfolded."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

THEMES = ("light", "dark", "contrast", "contrast-dark")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

axe = Axe()


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now, and whether it scrolls sideways."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = axe.run(page, options=RULES).response["violations"]
    told = [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        told.append("scrolls sideways")
    return told


def in_every_theme(page: Page) -> dict[str, list[str]]:
    """What is wrong with this page, by theme. The theme is an attribute, so the page need not be loaded again."""
    wrong = {}
    for theme in THEMES:
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        if found := violations(page):
            wrong[theme] = found
    return wrong
