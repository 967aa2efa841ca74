"""What lab 2's check reads: OpenAPI documents of every version, and the pages that show them."""

import pytest

from course.lab2.document import Document
from course.lab2.page import Page

HERE = "http://127.0.0.1:8123"
PRODUCT = {
    "type": "object",
    "required": ["price_cents"],
    "properties": {"price_cents": {"type": "integer", "nullable": True}},
}


def document(**content):
    paths = {"/products/{sku}": {"get": {"responses": {}}}}
    return Document({"openapi": "3.1.0", "paths": paths, **content}, f"{HERE}/openapi/openapi.json")


class TestServers:
    @pytest.mark.parametrize(
        "content",
        [
            pytest.param({}, id="none"),
            pytest.param({"servers": [{"url": "/"}]}, id="root"),
            pytest.param({"servers": [{"url": ".."}]}, id="relative"),
            pytest.param({"servers": [{"url": HERE}]}, id="itself"),
            pytest.param({"servers": [{"url": "http://localhost:8123/"}]}, id="by name"),
            pytest.param(
                {"servers": [{"url": "{base}", "variables": {"base": {"default": "/"}}}]},
                id="variable",
            ),
            pytest.param({"openapi": None, "swagger": "2.0", "basePath": "/"}, id="base path"),
        ],
    )
    def test_lead_to_the_service(self, content):
        assert document(**content).find("GET", "/products/LAMP")

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param({"servers": [{"url": "https://api.example"}]}, id="elsewhere"),
            pytest.param({"servers": [{"url": "http://127.0.0.1:80"}]}, id="port"),
            pytest.param({"servers": [{"url": "/v1"}]}, id="prefix"),
            pytest.param({"swagger": "2.0", "host": "api.example"}, id="host"),
        ],
    )
    def test_lead_elsewhere(self, content):
        assert document(**content).find("GET", "/products/LAMP") is None

    def test_nearest_servers_win(self):
        item = {"servers": [{"url": "https://api.example"}], "get": {"responses": {}}}

        assert document(paths={"/products": item}).find("GET", "/products") is None


class TestSchemas:
    @pytest.mark.parametrize(
        ("version", "holds"), [("3.0.3", True), ("3.1.0", False)], ids=["3.0", "3.1"]
    )
    def test_nullable_is_a_word_of_3_0(self, version, holds):
        violation = document(openapi=version).violation(PRODUCT, {"price_cents": None})

        assert (violation is None) is holds

    def test_exclusive_bounds_of_3_0(self):
        schema = {"type": "integer", "minimum": 0, "exclusiveMinimum": True}

        assert document(openapi="3.0.3").violation(schema, 0)
        assert document(openapi="3.0.3").violation(schema, 1) is None

    def test_a_schema_that_is_none_is_told(self):
        assert "JSON Schema" in document().violation({"type": "money"}, 1)

    @pytest.mark.parametrize(
        "reference", ["#/components/schemas/Gone", "other.json", "https://api.example/a.json"]
    )
    def test_dangling_references_are_found(self, reference):
        schemas = {"Product": {"items": {"$ref": reference}}}

        assert document(components={"schemas": schemas}).dangling() == reference

    def test_references_in_a_circle_end(self):
        responses = {"A": {"$ref": "#/components/responses/A"}}

        assert document(components={"responses": responses}).resolved(responses["A"]) == {}

    @pytest.mark.parametrize("paths", [[], {"/products": []}, {"/products": {"get": 1}}, None])
    def test_nonsense_documents_nothing(self, paths):
        assert list(document(paths=paths).operations) == []


class Answer:
    ok, url = True, f"{HERE}/openapi/swagger"

    def __init__(self, text):
        self.text, self.content = text, text.encode()


class Served:
    """A service that has these files."""

    url = HERE

    def __init__(self, **files):
        self.files = files

    def get(self, path):
        return Answer(self.files[path.rpartition("/")[2].partition(".")[0]])


def foreign(html, **files):
    page = Page(Served(**files), Answer(html)).read()
    return [loaded.url for loaded in page.loads if page.is_foreign(loaded.url)]


class TestPages:
    @pytest.mark.parametrize(
        "html",
        [
            '<script src="//cdn.example/a.js"></script>',
            '<link rel="stylesheet" href="https://cdn.example/a.css">',
            '<link rel="shortcut icon" href="https://cdn.example/a.png">',
            '<base href="https://cdn.example/"><img src="a.png">',
            '<style>@import "https://cdn.example/a.css";</style>',
            "<style>b { background: url(https://cdn.example/a.png) }</style>",
            '<p style="background: url(https://cdn.example/a.png)">',
            '<script type="module">import a from "https://cdn.example/a.js"</script>',
            '<script type="module">await import("https://cdn.example/a.js")</script>',
            '<script>fetch("https://cdn.example/a.json")</script>',
            '<script>SwaggerUIBundle({url: "https://cdn.example/a.json"})</script>',
            '<script>script.src = "https://cdn.example/a.js"</script>',
            '<script type="importmap">{"imports": {"a": "https://cdn.example/a.js"}}</script>',
            '<redoc spec-url="https://cdn.example/a.json"></redoc>',
            '<iframe src="https://cdn.example/"></iframe>',
        ],
    )
    def test_what_comes_from_outside_is_found(self, html):
        assert [address.partition("cdn.example")[1] for address in foreign(html)] == ["cdn.example"]

    @pytest.mark.parametrize(
        "html",
        [
            '<a href="https://swagger.io">',
            '<link rel="license" href="https://cdn.example/a">',
            '<!-- <script src="https://cdn.example/a.js"></script> -->',
            "<script>// import a from 'https://cdn.example/a.js'\n</script>",
            '<script>const spec = {"license": {"url": "https://cdn.example/"}}</script>',
            '<style>@namespace url("http://www.w3.org/1999/xhtml");</style>',
            "<style>b { background: url(data:image/png;base64,AAAA) }</style>",
            '<img src="/static/a.png">',
        ],
    )
    def test_what_is_not_loaded_is_left_alone(self, html):
        assert foreign(html) == []

    def test_what_it_loads_is_read_too(self):
        html = '<link rel="stylesheet" href="theme.css"><script src="a.js"></script>'
        style, script = '@import url("//cdn.example/a.css")', 'import "./b.js"'

        assert foreign(html, theme=style, a=script, b='fetch("https://cdn.example/b")') == [
            "http://cdn.example/a.css",
            "https://cdn.example/b",
        ]

    def test_a_cycle_of_modules_ends(self):
        assert foreign('<script src="a.js"></script>', a='import "./a.js"') == []

    @pytest.mark.parametrize(
        ("html", "shows"),
        [
            ('<script>SwaggerUIBundle({url: "openapi.json"})</script>', True),
            ('<script>const spec = {"paths": {"/products/{sku}": {}}}</script>', True),
            ("<p>Bienvenue</p>", False),
        ],
        ids=["named", "carried", "neither"],
    )
    def test_shows_the_document(self, html, shows):
        assert Page(Served(), Answer(html)).read().shows(document()) is shows
