"""Lighthouse's four marks for the pages that matter most, on a demo served as in production.

``python -m tests.browser.lighthouse`` starts a demo of its own and beside it the web process with the settings of
production, on the same data. It asks ``lighthouse`` (npm; a path to it may be given as LIGHTHOUSE) about one page after
the other, each with an empty cache on a slow phone. No other host is asked.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGS, CHROMIUM
from tests.browser.show_letters import without_servers
from tests.browser.show_pages import demo
from tests.ground.processes import environment

SUGGESTIONS = "/request/suggestions/"
PAGES = {"/": "", "/home/": "newcomer", SUGGESTIONS: "newcomer", "/coordinate/": "coordinator"}
"""Who looks at which page."""

MARKS = ("performance", "accessibility", "best-practices", "seo")
WEB = 8378
AUDITS = ("largest-contentful-paint", "cumulative-layout-shift", "total-byte-weight")


KEYS = """
import json
from recovery_match import embedded
print(json.dumps({
    "DATABASE_URL": embedded.ensure_postgres(), "REDIS_URL": embedded.ensure_valkey(),
    "SECRET_KEY": embedded.secret_key(), "MASTER_KEYS": embedded.master_key(), "LOOKUP_KEY": embedded.lookup_key(),
}))
"""


@contextmanager
def in_production(folder: Path) -> Iterator[str]:
    """Serve the demo's data as they would be in production, save for TLS; give the address."""
    run = {"env": environment(folder), "check": True, "capture_output": True}
    keys = json.loads(subprocess.run([sys.executable, "-c", KEYS], **run).stdout)  # type: ignore[call-overload]
    more = {"ALLOWED_HOSTS": "localhost", "EMAIL_URL": "consolemail://", "SECURE_SSL_REDIRECT": "0", "DEMO": "0"}
    settings = environment(folder, **keys, **more, SITE_URL=f"http://localhost:{WEB}")
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, env=settings, check=True)
    command = [sys.executable, "-m", "gunicorn", "recovery_match.wsgi", "--bind", f"localhost:{WEB}", "--threads", "4"]
    web = subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://localhost:{WEB}"
    finally:
        web.terminate()
        web.wait()


def cookie(link: str, *, ask: bool = False) -> str:
    """The header by which production knows a browser that followed a sign-in link and, if told, asked for somebody."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        context = browser.new_context(base_url=link.split("/dev/")[0], locale="en-US")
        page = context.new_page()
        page.goto(link)
        if ask:
            page.goto("/request/")
            page.get_by_role("button", name="Show me who fits").click()
        session = next(one["value"] for one in context.cookies() if one["name"] == "sessionid")
        browser.close()
    return f"__Host-session={session}"


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
    without_servers()
    with tempfile.TemporaryDirectory() as name, demo(Path(name)) as links, in_production(Path(name)) as address:
        for path, who in PAGES.items():
            report = look(address + path, cookie(links[who], ask=path == SUGGESTIONS) if who else "")
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
