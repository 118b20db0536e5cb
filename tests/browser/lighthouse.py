"""Lighthouse's four marks for the pages that matter most, on a demo served as in production.

``python -m tests.browser.lighthouse`` starts a demo of its own and beside it, on the same data, the web process with
the settings of production and the proxy that is deployed with it. It asks ``lighthouse`` (npm) about one page after the
other, each with an empty cache on a slow phone. It needs ``caddy`` as well; paths to both may be given as LIGHTHOUSE
and CADDY. No other host is asked.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import sync_playwright

from recovery_match.embedded import folders
from tests.browser.conftest import ARGS, CHROMIUM
from tests.browser.show_letters import without_servers
from tests.browser.show_pages import demo
from tests.ground.certificate import certify
from tests.ground.processes import SECONDS, environment, eventually

SUGGESTIONS = "/request/suggestions/"
PAGES = {"/": "", "/home/": "newcomer", SUGGESTIONS: "newcomer", "/coordinate/": "coordinator"}
"""Who looks at which page."""

MARKS = ("performance", "accessibility", "best-practices", "seo")
WEB = 8378
HOST = "office.example"
SETTINGS = {
    "ALLOWED_HOSTS": HOST,
    "SITE_URL": f"https://{HOST}:8443",
    "SITE_NAME": "The office",
    "TRUSTED_PROXY_COUNT": "1",
    "EMAIL_URL": "consolemail://",
    "DEFAULT_FROM_EMAIL": f"letters@{HOST}",
}
"""Beside keys and engines; only the browser is told where the host is."""

FLAGS = ("--headless", f"--host-resolver-rules='MAP {HOST} 127.0.0.1'", "--ignore-certificate-errors", *ARGS)
AUDITS = ("largest-contentful-paint", "cumulative-layout-shift", "total-byte-weight")


KEYS = """
import json
from recovery_match import embedded
print(json.dumps({
    "DATABASE_URL": embedded.ensure_postgres(), "REDIS_URL": embedded.ensure_valkey(),
    "SECRET_KEY": embedded.secret_key(), "MASTER_KEYS": embedded.master_key(), "LOOKUP_KEY": embedded.lookup_key(),
}))
"""


def visit(path: str, header: str) -> bool:
    """Fetch a page; tell whether it was there. The first visitor waits for templates, which the second finds ready."""
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1", "Cookie": header}
    with suppress(requests.ConnectionError):
        return bool(requests.get(f"http://localhost:{WEB}{path}", headers=headers, timeout=SECONDS))
    return False


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """Serve the demo's data as in production: gunicorn, its settings, and the proxy with a certificate of our own."""
    run = {"env": environment(folder), "check": True, "capture_output": True}
    keys = json.loads(subprocess.run([sys.executable, "-c", KEYS], **run).stdout)  # type: ignore[call-overload]
    settings = environment(folder, **keys, **SETTINGS)
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, env=settings, check=True)
    command = [sys.executable, "-m", "gunicorn", "recovery_match.wsgi", "--bind", f"localhost:{WEB}", "--threads", "4"]
    processes = [subprocess.Popen([*command, "--log-level", "warning"], env=settings), proxy(folder)]
    try:
        # A process makes its engine ready before it listens.
        assert eventually(lambda: visit("/", ""))
        yield
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def proxy(folder: Path) -> subprocess.Popen[bytes]:
    """Start the proxy as it is deployed, save for where the web process is and who vouches for the certificate."""
    certify(folder, HOST)
    deployed = (folders.PROJECT / ".deploy" / "proxy" / "Caddyfile").read_text()
    config = folder / "Caddyfile"
    tls = f"tls {folder / 'certificate'} {folder / 'key'}"
    config.write_text(deployed.replace("web:8000", f"localhost:{WEB}").replace("{$DOMAIN} {", f"{HOST} {{\n\t{tls}"))
    command = [os.environ.get("CADDY", "caddy"), "run", "--adapter", "caddyfile", "--config", str(config)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


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
        command += [f"--extra-headers={headers}", f"--chrome-flags={' '.join(FLAGS)}"]
        command += [f"--only-categories={','.join(MARKS)}"]
        # Now and then it loses sight of a page that was there (NO_NAVSTART), and asks to be run again.
        for last in (False, True):
            run = subprocess.run(command, check=last, env={**os.environ, "CHROME_PATH": str(CHROMIUM)})
            if run.returncode == 0:
                break
        report: dict[str, Any] = json.loads(out.read_text())
    return report


def main() -> None:
    """Say each page's marks, how long its largest part took to show, and what keeps it from a hundred."""
    without_servers()
    with tempfile.TemporaryDirectory() as name, demo(Path(name)) as links, served(Path(name)):
        for path, who in PAGES.items():
            header = cookie(links[who], ask=path == SUGGESTIONS) if who else ""
            assert visit(path, header)
            report = look(SETTINGS["SITE_URL"] + path, header)
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
