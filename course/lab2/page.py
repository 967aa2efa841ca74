"""Finds the document a service serves and the page that shows it, and lists what that page loads.

A page is read, not run: its tags, its styles (`@import`, `url()`), and in its scripts the
addresses that `import`, `fetch` and a few others are given in so many words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from course.lab2.document import Document

if TYPE_CHECKING:
    from workbook.checks.harness import LearnerService
    from workbook.shop.client import Response

DOCUMENTS = (
    "/openapi/openapi.json",
    "/openapi.json",
    "/swagger.json",
    "/apispec_1.json",
    "/apispec.json",
    "/api-docs",
    "/api-docs.json",
    "/v3/api-docs",
    "/api/openapi.json",
    "/api/swagger.json",
    "/apidocs/openapi.json",
    "/apidoc/openapi.json",
    "/docs/openapi.json",
    "/swagger/swagger.json",
    "/static/openapi.json",
    "/openapi",
    "/spec",
)
PAGES = (
    "/openapi/swagger",
    "/openapi/swagger/",
    "/docs",
    "/docs/",
    "/swagger",
    "/swagger/",
    "/swagger-ui",
    "/swagger-ui/",
    "/openapi/swagger-ui",
    "/apidocs",
    "/apidocs/",
    "/apidoc/swagger",
    "/api-docs",
    "/api/docs",
    "/ui/",
    "/redoc",
    "/openapi/redoc",
    "/openapi/",
    "/openapi",
    "/",
)
MOST_FILES = 30
LIBRARY = 150_000  # a script longer than this is Swagger UI itself, not what the learner wrote

LOADING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch"}
LOADING = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "frame": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "input": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
ANY_TAG = ("spec-url", "specurl", "apidescriptionurl", "data-url", "data-configuration")

TEXT = r"""\(?\s*["'`]([^"'`\s]+)["'`]"""
IN_SCRIPT = re.compile(
    rf"""\b(?:import|from|fetch|importScripts|sendBeacon|new\s+Worker|new\s+EventSource)\s*{TEXT}"""
    r"""|\.open\(\s*["']\w+["']\s*,\s*["'`]([^"'`\s]+)["'`]"""
    r"""|\.src\s*=\s*["'`]([^"'`\s]+)["'`]"""
    r"""|setAttribute\(\s*["'](?:src|href)["']\s*,\s*["'`]([^"'`\s]+)["'`]"""
    r"""|SwaggerUI\w*\(\s*\{[^}]*?\burl["']?\s*:\s*["'`]([^"'`\s]+)["'`]"""
    r"""|Redoc\.init\(\s*["'`]([^"'`\s]+)["'`]"""
)
IMPORTED_MODULE = re.compile(r"""\b(?:import|from)\s*\(?\s*["'](\.{0,2}/[^"'\s]+)["']""")
IN_STYLE = re.compile(
    r"""@import\s+(?:url\(\s*)?["']?([^"')\s;]+)|url\(\s*["']?([^"')\s]+)["']?\s*\)"""
)
UNREAD = re.compile(r"/\*.*?\*/|^\s*//[^\n]*|@namespace[^;]*;", re.S | re.M)


@dataclass
class Source:
    """One text that the browser reads: the page, or a script or style that it loads."""

    url: str
    kind: str
    text: str


@dataclass
class Loaded:
    """An address that a source loads; the page is blank without its scripts and styles."""

    url: str
    kind: str

    @property
    def needed(self) -> bool:
        return self.kind != "other"


class _Tags(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.base, self.inside = url, ""
        self.loads: list[tuple[str, str]] = []
        self.inline: list[Source] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and "href" in given:
            self.base = urljoin(self.base, given["href"])
        if tag in ("script", "style"):
            self.inside = "importmap" if given.get("type") == "importmap" else tag
        if "style" in given:
            self.inline.append(Source(self.base, "style", given["style"]))
        kind = "style" if "stylesheet" in given.get("rel", "").lower().split() else tag
        self.loads += [(kind, address) for address in _addresses(tag, given)]

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.inline.append(Source(self.base, self.inside, data))


def _addresses(tag: str, given: dict[str, str]) -> list[str]:
    found = [given[name] for name in (*LOADING.get(tag, ()), *ANY_TAG) if name in given]
    if tag == "link" and LOADING_LINKS & set(given.get("rel", "").lower().split()):
        found.append(given.get("href", ""))
    if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
        found += re.findall(r"url\s*=\s*['\"]?([^'\"\s]+)", given.get("content", ""), re.I)
    return [address.split()[0] for address in found if address.strip()]


@dataclass
class Page:
    """An HTML page of the service with all that it loads from it."""

    learner: LearnerService
    response: Response
    loads: list[Loaded] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def read(self) -> Page:
        """Follow what the page loads, within the service."""
        tags = _Tags(self.response.url)
        tags.feed(self.response.text)
        self.sources.append(Source(self.response.url, "page", self.response.text))
        self.loads += [_loaded(tags.base, tag, address) for tag, address in tags.loads]
        for inline in tags.inline:
            self._read(inline)
        for loaded in self.loads:  # grows while it is read
            if loaded.kind in ("script", "style") and len(self.loads) < MOST_FILES:
                self._follow(loaded)
        return self

    def _follow(self, loaded: Loaded) -> None:
        if self.is_foreign(loaded.url) or any(s.url == loaded.url for s in self.sources):
            return
        response = self.learner.get(self.path(loaded.url))
        if response.ok:
            text = response.content.decode("utf-8", "replace")
            self._read(Source(loaded.url, loaded.kind, text))

    def _read(self, source: Source) -> None:
        self.sources.append(source)
        if source.kind == "style":
            found = IN_STYLE.findall(UNREAD.sub("", source.text))
            self.loads += [
                _loaded(source.url, "style" if imported else "other", imported or address)
                for imported, address in found
            ]
        elif source.kind == "importmap":
            found = re.findall(r':\s*"([^"]+)"', source.text)
            self.loads += [_loaded(source.url, "other", address) for address in found]
        elif len(source.text) < LIBRARY:
            self._read_script(source)

    def _read_script(self, source: Source) -> None:
        text = UNREAD.sub("", source.text)
        for found in IN_SCRIPT.findall(text):
            address = next(filter(None, found))
            if "//" in address:
                self.loads.append(_loaded(self.response.url, "other", address))
        for address in IMPORTED_MODULE.findall(text):
            self.loads.append(_loaded(source.url, "script", address))

    def is_foreign(self, address: str) -> bool:
        """Whether an address leads away from the page's own service."""
        there = urlsplit(address)
        here = {urlsplit(self.response.url).netloc, urlsplit(self.learner.url).netloc}
        return there.scheme in ("http", "https", "ws", "wss") and there.netloc not in here

    def path(self, address: str) -> str:
        """The path and query of an address of this service."""
        return urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()

    def shows(self, document: Document) -> bool:
        """Whether what the learner wrote names this document, or carries it."""
        name = urlsplit(document.url).path.rstrip("/").rpartition("/")[2]
        written = [s.text for s in self.sources if s.kind == "page" or len(s.text) < LIBRARY]
        return any(name in text or "/products/{" in text for text in written)


def _loaded(base: str, tag: str, address: str) -> Loaded:
    kind = tag if tag in ("script", "style") else "other"
    return Loaded(urljoin(base, address), kind)


def find_page(learner: LearnerService, document: Document | None = None) -> Page | None:
    """Return the HTML page that shows the document, else the first at a usual address."""
    first = None
    for path in PAGES:
        response = learner.get(path)
        if response.ok and "html" in response.headers.get("Content-Type", ""):
            page = Page(learner, response).read()
            if document is None or page.shows(document):
                return page
            first = first or page
    return first


def find_document(learner: LearnerService) -> Document | None:
    """Return the document served at one of the usual addresses, None when there is none."""
    for path in DOCUMENTS:
        response = learner.get(path)
        if response.ok and "json" in response.headers.get("Content-Type", ""):
            content = _json(response)
            if isinstance(content, dict) and "paths" in content:
                return Document(content, response.url)
    return None


def _json(response: Response) -> object:
    try:
        return response.json()
    except ValueError:
        return None
