"""Lighthouse's four marks for the pages that matter most, on a demo served as in production.

``python -m tests.browser.lighthouse`` starts a demo of its own and asks ``lighthouse`` (npm; a path to it may be given
as LIGHTHOUSE) about one page after the other, each as a fresh visitor on a slow phone. It asks no other host.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGS, CHROMIUM
from tests.browser.show_pages import PORT, demo

PAGES = {"visitor": "/", "newcomer": "/home/", "waiting": "/request/suggestions/", "coordinator": "/coordinate/"}
"""Who looks at which page."""

MARKS = ("performance", "accessibility", "best-practices", "seo")
AUDITS = ("largest-contentful-paint", "cumulative-layout-shift", "total-byte-weight")


def cookie(link: str) -> str:
    """The header by which a browser that followed a sign-in link is known."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        context = browser.new_context()
        context.new_page().goto(link)
        found = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
        browser.close()
    return found


def look(url: str, header: str) -> dict[str, Any]:
    """Ask Lighthouse about a page."""
    with tempfile.TemporaryDirectory() as folder:
        headers, out = Path(folder) / "headers.json", Path(folder) / "report.json"
        headers.write_text(json.dumps({"Cookie": header} if header else {}))
        command = [os.environ.get("LIGHTHOUSE", "lighthouse"), url, "--quiet", "--output=json", f"--output-path={out}"]
        command += [f"--extra-headers={headers}", f"--chrome-flags=--headless {' '.join(ARGS)}"]
        command += [f"--only-categories={','.join(MARKS)}"]
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": str(CHROMIUM)})
        report: dict[str, Any] = json.loads(out.read_text())
    return report


def main() -> None:
    """Say each page's marks, how long its largest part took to show, and what keeps it from a hundred."""
    with demo() as links:
        for who, path in PAGES.items():
            link = links.get(who) or links.get("newcomer", "")
            report = look(f"http://localhost:{PORT}{path}", cookie(link) if who != "visitor" else "")
            marks = {name: round(100 * report["categories"][name]["score"]) for name in MARKS}
            told = ", ".join(str(report["audits"][name]["displayValue"]) for name in AUDITS)
            sys.stdout.write(f"{path}: {marks}; {told}\n")
            for name in MARKS:
                for ref in report["categories"][name]["auditRefs"]:
                    audit = report["audits"][ref["id"]]
                    if ref["weight"] and audit["score"] is not None and audit["score"] < 1:
                        sys.stdout.write(f"    {name}: {audit['title']} {audit.get('displayValue', '')}\n")


if __name__ == "__main__":
    main()
