"""The look of the readable copy. It stands in the page itself, which is meant to be kept and printed: it then needs
nothing from anywhere, and a page that is opened from a disk finds no style sheet."""

import base64
import hashlib

STYLE = """
:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
body { overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.2rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid #8886; text-align: start; vertical-align: top; }
dl { display: grid; grid-template-columns: minmax(8rem, 1fr) 2fr; gap: 0.2rem 1rem; }
dl { margin: 0 0 1rem; padding: 0 0 1rem; border-bottom: 1px solid #8886; }
dt { font-weight: 600; }
dd { margin: 0; }
nav ul { columns: 2; padding-inline-start: 1.2rem; }
a { color: inherit; }
@media (max-width: 30rem) {
  dl { grid-template-columns: minmax(0, 1fr); }
  dd { margin-bottom: 0.4rem; }
  nav ul { columns: 1; }
}
@media print {
  body { max-width: none; margin: 0; font-size: 10pt; color: #000; background: #fff; }
  nav, .screen { display: none; }
  h2 { break-after: avoid; }
  tr, dl { break-inside: avoid; }
}
"""

DIGEST = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""What lets browsers take this style and no other."""
