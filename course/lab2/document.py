"""Reads the OpenAPI document that a service serves, and holds its answers against it.

Sources: OpenAPI 3.1 and 3.2 (schemas as JSON Schema 2020-12), OpenAPI 3.0 and Swagger 2.0 (draft 4
and `nullable`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import jsonschema_rs

from course.lab2.readings import body_of

if TYPE_CHECKING:
    from workbook.shop.client import Response

METHODS = ("get", "post", "put", "delete", "patch", "head", "options")
HERE = ("127.0.0.1", "localhost", "[::1]")
BROKEN = (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError)


@dataclass(frozen=True)
class Operation:
    """One documented method on one address, its template left as it is."""

    method: str
    path: str
    details: dict
    parameters: tuple[dict, ...]


class Document:
    """An OpenAPI or Swagger document served at `url`."""

    def __init__(self, content: dict, url: str) -> None:
        self.content, self.url = content, url
        self.version = str(content.get("openapi") or content.get("swagger") or "")
        self.recent = self.version.startswith(("3.1", "3.2"))

    @property
    def operations(self) -> Iterator[Operation]:
        """Every documented operation, where its server and its path lead."""
        for path, item in _object(self.content.get("paths")).items():
            item = self.resolved(item)
            for method in METHODS:
                if isinstance(item.get(method), dict):
                    yield self._operation(method, path, item, item[method])

    def _operation(self, method: str, path: str, item: dict, details: dict) -> Operation:
        joined = {
            (parameter.get("in"), parameter.get("name")): parameter
            for given in (item.get("parameters"), details.get("parameters"))
            for parameter in map(self.resolved, given if isinstance(given, list) else ())
        }
        servers = details.get("servers") or item.get("servers") or self.content.get("servers")
        prefix = self._base() if "swagger" in self.content else self._server(servers)
        return Operation(method.upper(), _address(prefix) + path, details, tuple(joined.values()))

    def _server(self, servers: object) -> str:
        """Where the first server is: the one that a page tries and a client is made for."""
        first = _object(servers[0]) if isinstance(servers, list) and servers else {}
        address = str(first.get("url", "/"))
        for name, variable in _object(first.get("variables")).items():
            address = address.replace(f"{{{name}}}", str(_object(variable).get("default", "")))
        return self._seen_from_here(address)

    def _base(self) -> str:
        host, base = self.content.get("host"), self.content.get("basePath") or "/"
        return self._seen_from_here(f"//{host}{base}" if host else base)

    def _seen_from_here(self, address: str) -> str:
        """A path of this very service, or the whole address of another."""
        there, here = urlsplit(urljoin(self.url, address)), urlsplit(self.url)
        same = there.netloc == here.netloc or (
            there.port == here.port and there.hostname in HERE and here.hostname in HERE
        )
        return there.path if same else there.geturl()

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation that documents a request to `path`, its template filled in."""
        for operation in self.operations:
            pattern = re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(operation.path))
            if operation.method == method and re.fullmatch(pattern, path):
                return operation
        return None

    def dangling(self) -> str | None:
        """Return a `$ref` that leads nowhere in the document, None when there is none."""
        return next((ref for ref in _references(self.content) if self._target(ref) is None), None)

    def undeclared(self, operation: Operation) -> str | None:
        """Return a parameter of the path that the operation does not declare."""
        declared = {p.get("name") for p in operation.parameters if p.get("in") == "path"}
        named = re.findall(r"\{([^/{}]+)\}", operation.path)
        return next((name for name in named if name not in declared), None)

    def request_schema(self, operation: Operation) -> dict:
        """JSON Schema of the request's body, empty when it is not described."""
        for parameter in operation.parameters:
            if parameter.get("in") == "body":
                return _object(parameter.get("schema"))
        body = self.resolved(operation.details.get("requestBody"))
        return self._schema(body, "application/json")

    def problem(self, operation: Operation, response: Response) -> str | None:
        """Say in French how a real response contradicts its documentation, None if it does not."""
        status, documented = str(response.status_code), self._documented(operation, response)
        if documented is None:
            known = ", ".join(sorted(_object(operation.details.get("responses")))) or "aucun"
            return f"le statut {status} n’est pas documenté (documentés : {known})"
        if status == "204":
            return None
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
        if documented.get("content") and kind not in documented["content"] and "json" not in kind:
            return f"la réponse est de type « {kind} »"
        schema = self._schema(documented, kind)
        if not schema:
            refused = response.status_code >= 400
            return None if refused else f"le corps du statut {status} n’est pas décrit"
        return self.violation(schema, body_of(response)) if "json" in kind else None

    def response_schema(self, operation: Operation, response: Response) -> dict:
        """JSON Schema of this response's body, empty when it is not described."""
        return self._schema(self._documented(operation, response) or {}, "application/json")

    def _documented(self, operation: Operation, response: Response) -> dict | None:
        responses, status = _object(operation.details.get("responses")), response.status_code
        for key in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
            if key in responses:
                return self.resolved(responses[key])
        return None

    def _schema(self, described: dict, kind: str) -> dict:
        if "schema" in described:  # Swagger 2.0
            return _object(described["schema"])
        contents = _object(described.get("content"))
        likely = [media for media in contents if "json" in media or "*" in media]
        for media in (kind, *likely):
            if media in contents:
                return _object(_object(contents[media]).get("schema"))
        return {}

    def violation(self, schema: dict, value: object) -> str | None:
        """Say where `value` breaks `schema`, None when it does not."""
        try:
            error = next(self._validator(schema).iter_errors(value), None)
        except BROKEN as broken:
            return f"le schéma documenté n’est pas un JSON Schema valable : {broken}"
        if error is None:
            return None
        place = "/".join(map(str, error.instance_path)) or "le corps"
        return f"{place} : {error.message}"

    def _validator(self, schema: dict) -> Any:
        """References keep their targets: what they point to stays where they look for it."""
        kept = ("components", "definitions", "paths", "parameters", "responses")
        targets = {key: self.content[key] for key in kept if key in self.content}
        if self.recent:
            return _strict(jsonschema_rs.Draft202012Validator, {**targets, **schema})
        whole = _without_nullable({**targets, "allOf": [schema]})
        try:
            return _strict(jsonschema_rs.Draft4Validator, whole)
        except jsonschema_rs.ValidationError:
            return _strict(jsonschema_rs.Draft202012Validator, whole)

    def resolved(self, item: object) -> dict:
        """What a chain of references leads to, an empty object when it leads nowhere."""
        for _ in range(20):
            reference = _object(item).get("$ref")
            if not isinstance(reference, str):
                return _object(item)
            item = self._target(reference)
        return {}

    def _target(self, reference: str) -> object | None:
        """What a local reference points to (RFC 6901), None when it points outside or nowhere."""
        if not reference.startswith("#"):
            return None
        target: Any = self.content
        for key in reference[1:].split("/")[1:]:
            key = key.replace("~1", "/").replace("~0", "~")
            if isinstance(target, list) and key.isdigit() and int(key) < len(target):
                target = target[int(key)]
            elif isinstance(target, dict) and key in target:
                target = target[key]
            else:
                return None
        return target


def _strict(validator: Any, schema: dict) -> Any:
    return validator(schema, validate_formats=False)


def _without_nullable(item: Any) -> Any:
    """OpenAPI 3.0 said `nullable: true` where JSON Schema says `null`."""
    if isinstance(item, list):
        return [_without_nullable(inner) for inner in item]
    if not isinstance(item, dict):
        return item
    rest = {key: _without_nullable(inner) for key, inner in item.items()}
    nullable = [key for key in ("nullable", "x-nullable") if item.get(key) is True]
    for key in nullable:
        del rest[key]
    return {"anyOf": [{"type": "null"}, rest]} if nullable else rest


def _references(item: Any) -> Iterator[str]:
    if isinstance(item, list):
        for inner in item:
            yield from _references(inner)
    elif isinstance(item, dict):
        if isinstance(item.get("$ref"), str):
            yield item["$ref"]
        for key, inner in item.items():
            if key not in ("example", "examples", "default", "enum", "const"):
                yield from _references(inner)


def _address(prefix: str) -> str:
    return prefix.rstrip("/")


def _object(item: object) -> dict:
    return item if isinstance(item, dict) else {}
