"""Reads the OpenAPI document that a service serves, and holds its answers against it.

Source: OpenAPI 3.1 (paths, operations, responses, schemas as JSON Schema 2020-12).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import jsonschema_rs

if TYPE_CHECKING:
    from workbook.checks.lab import LearnerService
    from workbook.client import Response

DOCUMENTS = (
    "/openapi/openapi.json",
    "/openapi.json",
    "/swagger.json",
    "/apispec.json",
    "/apidocs/openapi.json",
    "/docs/openapi.json",
)
PAGES = (
    "/openapi/swagger",
    "/docs",
    "/docs/",
    "/swagger",
    "/swagger/",
    "/apidocs/",
    "/swagger-ui",
    "/openapi/redoc",
    "/openapi",
)
LINK = re.compile(r"""<(?:script|link|img)\b[^>]*?\b(?:src|href)\s*=\s*["']?\s*([^"'\s>]+)""", re.I)


@dataclass(frozen=True)
class Operation:
    """One documented method on one documented path."""

    method: str
    path: str
    details: dict


class Document:
    """A served OpenAPI document."""

    def __init__(self, content: dict) -> None:
        self.content = content

    @property
    def operations(self) -> list[Operation]:
        """Every documented operation; parameters shared by a path are joined to it."""
        paths = self.content.get("paths")
        return [
            Operation(method.upper(), path, details)
            for path, methods in (paths if isinstance(paths, dict) else {}).items()
            for method, details in methods.items()
            if isinstance(details, dict)
        ]

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation that documents a request to `path`, its template filled in."""
        for operation in self.operations:
            pattern = re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(operation.path))
            if operation.method == method and re.fullmatch(pattern, path):
                return operation
        return None

    def request_schema(self, operation: Operation) -> dict:
        """JSON Schema of the request's body, references resolved against the document."""
        body = self._resolved(operation.details.get("requestBody") or {})
        return self._schema(body)

    def problem(self, operation: Operation, response: Response) -> str | None:
        """Say in French how a real response contradicts its documentation, None if it does not."""
        responses = operation.details.get("responses") or {}
        status = str(response.status_code)
        documented = responses.get(status) or responses.get(f"{status[0]}XX")
        documented = documented or responses.get("default")
        if documented is None:
            return f"le statut {status} n’est pas documenté (documentés : {_list(responses)})"
        schema = self._schema(self._resolved(documented))
        if not schema:
            return None if status == "204" else f"le corps du statut {status} n’est pas décrit"
        return violation(schema, response.json())

    def _schema(self, described: dict) -> dict:
        for media, content in (described.get("content") or {}).items():
            if "json" in media and (schema := content.get("schema")):
                return {**self._resolved(schema), "components": self._components}
        return {}

    @property
    def _components(self) -> dict:
        """What `$ref: '#/components/…'` points to, kept where the reference looks for it."""
        return {"schemas": (self.content.get("components") or {}).get("schemas") or {}}

    def _resolved(self, item: dict) -> dict:
        while "$ref" in item:
            target: Any = self.content
            for key in item["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            item = target
        return item


def violation(schema: dict, value: object) -> str | None:
    """Say where `value` breaks `schema`, None when it does not."""
    try:
        error = next(jsonschema_rs.Draft202012Validator(schema).iter_errors(value), None)
    except jsonschema_rs.ValidationError as broken:
        return f"le schéma documenté n’est pas un JSON Schema valable : {broken.message}"
    if error is None:
        return None
    place = "/".join(map(str, error.instance_path)) or "le corps"
    return f"{place} : {error.message}"


def find_document(service: LearnerService) -> Document | None:
    """Return the document served at one of the usual addresses, None when there is none."""
    for path in DOCUMENTS:
        response = service.get(path)
        if response.ok and "json" in response.headers.get("Content-Type", ""):
            content = response.json()
            if isinstance(content, dict) and "paths" in content:
                return Document(content)
    return None


def find_page(service: LearnerService) -> Response | None:
    """Return the HTML page that shows the document, at one of the usual addresses."""
    for path in PAGES:
        response = service.get(path)
        if response.ok and "html" in response.headers.get("Content-Type", ""):
            return response
    return None


def resources(page: Response) -> list[str]:
    """Absolute addresses of what a page loads, what it carries within itself left out."""
    links = LINK.findall(page.text)
    return [urljoin(page.url, link) for link in links if not link.startswith(("data:", "#"))]


def is_foreign(page: Response, address: str) -> bool:
    """Whether an address leads away from the page's own service."""
    return urlsplit(address).netloc != urlsplit(page.url).netloc


def _list(responses: dict) -> str:
    return ", ".join(sorted(responses)) or "aucun"
