"""A provider made of its contract: it answers the examples, and notes what it was asked.

What a consumer was promised is all that it gets here. A request that no interaction describes is
answered 500 and remembered in `strangers`.
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from verifier import differences, example, fill, json_of


class Stub:
    """Listens on a free port; `answers(*interactions)` says which state the provider is in."""

    def __init__(self, **values):
        self.values, self.interactions = values, []
        self.used, self.strangers = [], []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answers(self, *interactions):
        self.interactions = interactions

    def reply(self, method, path, headers, body):
        """The status and the JSON text of the answer."""
        request = method, path, headers, body
        for interaction in self.interactions:
            expected = interaction["request"]
            expected = {**expected, "body": fill(expected.get("body"), self.values)}
            if not mismatch(expected, *request):
                self.used.append(interaction["description"])
                response = fill(interaction["response"], self.values)
                content = example(response["body"]) if "body" in response else {}
                return response["status"], json.dumps(content)
        self.strangers.append((method, path, body))
        return 500, json.dumps({"detail": f"No interaction is like {method} {path} {body}."})

    def _handler(stub):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def answer(self):
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = json_of(sent) if sent else None
                status, text = stub.reply(self.command, self.path, headers, body)
                content = b"" if status == 204 else text.encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *arguments):
                """Quiet."""

        return Handler


def mismatch(expected, method, path, headers, body):
    """How a request differs from the one that the consumer said it would send."""
    if method != expected["method"] or not re.fullmatch(pattern(expected["path"]), path):
        return [f"{method} {path}"]
    wanted = {name.lower(): value for name, value in expected.get("headers", {}).items()}
    missing = [f"no header {name}" for name in wanted if name not in headers]
    return missing + differences(expected.get("body"), body, strict=True)


def pattern(template):
    """A path template as a regular expression."""
    literals = re.split(r"\{\w+\}", template)
    return "[^/?]+".join(map(re.escape, literals))
