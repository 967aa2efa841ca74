"""The five HTTP verbs, over whatever sends a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook.shop.client import Response


class Verbs:
    """Gives `get`, `post`, `put`, `patch` and `delete` to a class that has `request`.

    Options are those of `requests.request`.
    """

    def request(self, method: str, path: str, **options: object) -> Response:
        """Send a request and return the response."""
        raise NotImplementedError

    def get(self, path: str, **options: object) -> Response:
        """GET `path`."""
        return self.request("GET", path, **options)

    def post(self, path: str, json: object = None, **options: object) -> Response:
        """POST `json` to `path`."""
        return self.request("POST", path, json=json, **options)

    def put(self, path: str, json: object = None, **options: object) -> Response:
        """PUT `json` at `path`."""
        return self.request("PUT", path, json=json, **options)

    def patch(self, path: str, json: object = None, **options: object) -> Response:
        """PATCH `path` with `json`."""
        return self.request("PATCH", path, json=json, **options)

    def delete(self, path: str, **options: object) -> Response:
        """DELETE `path`."""
        return self.request("DELETE", path, **options)
