"""A document that is asked for through a proxy's prefix names the prefix, whoever wrote it."""

import pytest

DOCUMENTS = """
    import json
    from pathlib import Path

    from flask import Flask, send_file

    app = Flask(__name__)


    @app.get("/bare.json")
    def bare():
        return {"openapi": "3.1.0", "paths": {}}


    @app.get("/rooted.json")
    def rooted():
        servers = [{"url": "/"}, {"url": "/v1"}, {"url": ".."}, {"url": "https://elsewhere.example"}]
        return {"openapi": "3.0.3", "paths": {}, "servers": servers}


    @app.get("/old.json")
    def old():
        return {"swagger": "2.0", "paths": {}, "basePath": "/"}


    @app.get("/file.json")
    def file():
        path = Path("document.json").resolve()
        path.write_text(json.dumps({"openapi": "3.1.0", "paths": {}}))
        return send_file(path)


    @app.get("/articles.json")
    def articles():
        return {"products": []}
"""
FLASK_OPENAPI3 = """
    from flask_openapi3 import Info, OpenAPI

    app = OpenAPI(__name__, info=Info(title="Products", version="1"))


    @app.get("/products")
    def products():
        return {"products": []}
"""
PREFIX = {"X-Forwarded-Prefix": "/user/ada/proxy/8123"}


@pytest.fixture(scope="module")
def service(start_shared):
    return start_shared.script("documents", DOCUMENTS)


@pytest.mark.parametrize(
    ("path", "servers"),
    [
        pytest.param("/bare.json", ["/user/ada/proxy/8123"], id="none"),
        pytest.param(
            "/rooted.json",
            [
                "/user/ada/proxy/8123",
                "/user/ada/proxy/8123/v1",
                "..",
                "https://elsewhere.example",
            ],
            id="its own",
        ),
        pytest.param("/file.json", ["/user/ada/proxy/8123"], id="a file"),
    ],
)
def test_servers_carry_the_prefix(service, path, servers):
    document = service.get(path, headers=PREFIX).json()

    assert [server["url"] for server in document["servers"]] == servers


def test_swagger_2_carries_it_in_its_base_path(service):
    assert service.get("/old.json", headers=PREFIX).json()["basePath"] == "/user/ada/proxy/8123/"


def test_a_prefix_never_leads_to_another_host(service):
    """Two slashes would be another host for a browser (RFC 3986, 4.2)."""
    headers = {"X-Forwarded-Prefix": "//evil.example"}

    (server,) = service.get("/bare.json", headers=headers).json()["servers"]

    assert server["url"] == "/evil.example"


def test_nothing_changes_without_a_prefix_or_a_document(service):
    assert "servers" not in service.get("/bare.json").json()
    assert service.get("/articles.json", headers=PREFIX).json() == {"products": []}


def test_the_library_of_the_course(start):
    service = start.script("products", FLASK_OPENAPI3)

    document = service.get("/openapi/openapi.json", headers=PREFIX).json()

    assert document["servers"] == [{"url": "/user/ada/proxy/8123"}]
