"""Write build/specimen.html: every snippet of assets/README.md with the built style sheet, to look at."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    built = json.loads((ROOT / "build" / "static" / "manifest.json").read_text(encoding="utf-8"))
    readme = (ROOT / "assets" / "README.md").read_text(encoding="utf-8")
    shell, *snippets = re.findall(r"```html\n(.*?)```", readme, re.DOTALL)
    body = "<hr>\n".join(snippets)
    page = f"""<!doctype html>
<html class="govuk-template" lang="en"><head><meta charset="utf-8"><title>Specimen</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="static/{built["icon.svg"]}" type="image/svg+xml">
<link rel="stylesheet" href="static/{built["site.css"]}">
<script type="module" src="static/{built["site.js"]}"></script></head>
{shell.replace("…</main>", body + "</main>")}</html>
"""
    (ROOT / "build" / "specimen.html").write_text(page, encoding="utf-8")
    print("build/specimen.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
