"""The content security policy of a page and what stands on it, read by Python's parser alone."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

# Scripts that hold data and run nothing.
DATA = ("application/json", "application/ld+json", "text/plain")
# What a browser leaves out of an address before it looks for a scheme.
_LEFT_OUT = re.compile(r"[\x00-\x20]")
_SCHEME = re.compile(r"([A-Za-z][\w+.-]*):")


@dataclass
class Policed(HTMLParser):
    """A page: its policies by kind of content, what stood before them, and what is active on it."""

    path: Path
    policies: list[dict[str, list[str]]] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    styled: list[str] = field(default_factory=list)
    elements: set[str] = field(default_factory=set)
    schemes: set[tuple[str, str]] = field(default_factory=set)
    inline: dict[str, list[str]] = field(default_factory=lambda: {"script": [], "style": []})
    _within: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.add(tag)
        if found.get("http-equiv", "").casefold() == "content-security-policy":
            rules = (rule.split() for rule in found["content"].split(";") if rule.strip())
            self.policies.append({kind: sources for kind, *sources in rules})
        elif not self.policies and tag not in ("html", "head", "meta"):
            self.early.append(tag)
        self.handlers += [f"{tag} {name}" for name in found if name.startswith("on")]
        if "style" in found:
            self.styled.append(tag)
        for name in ("href", "src", "srcset", "action", "formaction", "poster", "data"):
            scheme = _SCHEME.match(_LEFT_OUT.sub("", found.get(name, "")))
            if scheme:
                self.schemes.add((tag, scheme[1].casefold()))
        runs = tag == "style" or (
            tag == "script" and "src" not in found and found.get("type") not in DATA
        )
        self._within = tag if runs else ""

    def handle_data(self, data: str) -> None:
        if self._within:
            self.inline[self._within].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._within:
            self._within = ""


def by_hash(content: str) -> str:
    """Return how a policy names a script or style by its bytes."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
