"""HTML on paper: Chromium prints a page that needs nothing else as PDF."""

import shutil

from precompute.errors import UserError

MISSING = (
    "PDF is printed by Chromium, which was not found. Install it (Debian: apt-get install chromium), "
    "or take --format svg or html."
)


def pdf(page: str) -> bytes:
    """An HTML page as PDF, A4. Raises UserError where there is no Chromium to print it."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise UserError(MISSING) from error
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        except Error as error:
            raise UserError(MISSING) from error
        sheet = browser.new_page()
        sheet.set_content(page)
        printed = sheet.pdf(format="A4", print_background=True)
        browser.close()
    return printed
