"""Behind a proxy that adds a prefix (JupyterLab's `/proxy/PORT`), an OpenAPI document names it.

Swagger UI and generated clients call the document's first server; without this they would call
the proxy's own root. Sources: OpenAPI 3.1, 4.8.5 (Server Object); Swagger 2.0, `basePath`.
"""

from flask import current_app, request

HEADER = "X-Forwarded-Prefix"


def finish(response):
    """Put the prefix that the request came by into an OpenAPI document it is answered with."""
    prefix = request.headers.get(HEADER, "").strip("/")
    if prefix and response.status_code == 200 and response.is_json:
        response.direct_passthrough = False
        document = response.get_json(silent=True)
        if isinstance(document, dict) and "paths" in document:
            _move(document, f"/{prefix}")
            response.set_data(current_app.json.dumps(document))
    return response


def _move(document, prefix):
    if "swagger" in document:
        document["basePath"] = prefix + document.get("basePath", "/")
        return
    document["servers"] = document.get("servers") or [{"url": "/"}]
    for server in document["servers"]:
        if server["url"].startswith("/") and not server["url"].startswith((prefix, "//")):
            server["url"] = (prefix + server["url"]).rstrip("/")
