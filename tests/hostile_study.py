"""The mini study with texts that would do harm if they were anything but text."""

import csv
import io
from pathlib import Path

import yaml
from checkout import Checkout
from mini_study import CONFIG, FILES, REGIONS, write_raw

SECRET = "MICRODATA-OF-A-CHILD-4711"
# Where a script of a label would show that it ran.
MARK = "RAN-AS-CODE"


def texts(secret: Path) -> dict[str, str]:
    """Return a text for each place in the study; ``secret`` is a file that none may bring in."""
    return {
        "title": f'{{{{< include {secret} >}}}} #read("{secret}")',
        "organisation": "Ministry & Sons <script>document.title='" + MARK + "'</script>",
        "population": "children [of](file:///etc/passwd) *the* study",
        "name": "North ```{=html} `x`{=typst} ~end~",
        "module": "# Use <% of %> << the >> | internet | {.cls #id}",
        "daily": f"Uses <chat> apps {{{{< include {secret} >}}}}",
        "rare": '"><img src=x onerror="document.title=\'' + MARK + "'\"> &lt;b&gt; &#60;",
        "hours": "=HYPERLINK(1) $x^2$ @fig-module-use ^[note] https://example.org/x",
        "domain": "Sex #{sys.inputs} \\begin{x}",
        "boy": "- boy ::: :smile: 5 * 3 * 2",
        "girl": f'girl ![x](http://127.0.0.1:9/x.png) #include "{secret}"',
        "urban": "שלום \u2067עברית\u2069 مرحبا \U0001f600",
        "note": '1. one\n\n<div onclick="x">two</div>',
    }


def write_hostile_study(checkout: Checkout) -> dict[str, str]:
    """Write the study's files into ``mini/`` of a checkout and return its texts."""
    folder = checkout.folder / "mini"
    folder.mkdir()
    secret = checkout.folder / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    words = texts(secret)
    config = yaml.safe_load(FILES["config.yaml"])
    config["study"] |= {
        "title": words["title"],
        "organisations": [words["organisation"]],
        "population": words["population"],
    }
    config["report"]["formats"] = ["html", "pdf", "docx"]
    codebook = yaml.safe_load(FILES["indicators.yaml"])
    codebook["items"][0]["value_labels"] = {"boy": words["boy"], "girl": words["girl"]}
    codebook["items"][1]["value_labels"] = {"urban": words["urban"]}
    codebook["domains"][1]["label"] = words["domain"]
    codebook["modules"][0]["label"] = words["module"]
    for indicator in codebook["indicators"]:
        indicator["label"] = words[indicator["id"]]
        indicator["note"] = words["note"]
    written = {**FILES, "config.yaml": _yaml(config), "indicators.yaml": _yaml(codebook)}
    written["regions.csv"] = _regions(words["name"])
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    for number, region in enumerate(REGIONS):
        write_raw(folder / f"{region}.csv", region, number)
    return words


def _yaml(content: object) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def _regions(name: str) -> str:
    rows = csv.DictReader(io.StringIO(FILES["regions.csv"]))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows.fieldnames or [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {**row, "name": name if row["name"] == "North" else row["name"]} for row in rows
    )
    return out.getvalue()


__all__ = ["CONFIG", "MARK", "SECRET", "texts", "write_hostile_study"]
