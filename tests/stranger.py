"""Another user of this machine, who has 127.0.0.1 and the standard library, and tries every door.

    stranger.py '{"orders": "http://127.0.0.1:4001", …}' RUN_FOLDER PID…

prints one JSON object: {"attempt": status or exception}, and under "files" what could be read. It
is told the addresses so as to leave the other shops of this machine alone: anybody finds them in
/proc/net/tcp.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
ROGUE = {"url": "http://127.0.0.1:9"}
CARD = {"amount_cents": 1, "card": "tok_visa"}
ITEM = {"items": [{"sku": "LAMP", "quantity": 1}]}
DOORS = [
    ("registry", "PUT", "/instances/auth/rogue", ROGUE),
    ("registry", "PUT", "/instances/auth/auth-1", ROGUE),
    ("registry", "DELETE", "/instances/orders/orders-1", None),
    ("payments", "PUT", "/charges/stranger", CARD),
    ("payments", "GET", "/charges/stranger", None),
    ("payments", "PUT", "/refunds/stranger", None),
    ("payments", "PUT", "/intents/stranger", CARD),
    ("inventory", "PUT", "/stock/LAMP", {"available": 0}),
    ("inventory", "PUT", "/reservations/stranger", ITEM),
    ("inventory", "POST", "/reservations/stranger/confirmation", None),
    ("inventory", "DELETE", "/reservations/stranger", None),
    ("users", "GET", "/users/alice", None),
    ("users", "PUT", "/users/me", {"name": "Eve", "email": "eve@evil.example"}),
    ("orders", "GET", "/orders", None),
    ("orders", "POST", "/orders", ITEM | {"card": "tok_visa"}),
    ("notifications", "GET", "/notifications", None),
    ("products", "PUT", "/products/LAMP", {"name": "Lampe", "price_cents": 1}),
    ("products", "DELETE", "/products/LAMP", None),
    ("auth", "POST", "/keys/rotate", None),
    ("auth", "POST", "/login", {"username": "admin", "password": "admin"}),
]
FAULTS = {"slow": 5}


def main(services, run_folder, pids):
    answers = {}
    for name, method, path, body in DOORS:
        for who, headers in disguises(name).items():
            answers[f"{method} {name}{path} as {who}"] = ask(
                services[name], method, path, body, headers
            )
    for name, url in services.items():
        for method, body in (("PUT", FAULTS), ("GET", None)):
            answers[f"{method} {name} faults"] = ask(url, method, "/internal/faults", body, {})
        answers[f"{name} by a page"] = ask(
            url, "GET", "/products", None, {"Host": "evil.example:80"}
        )
    for _, method, path, body in DOORS:
        answers[f"{method} {path} by the gateway"] = ask(
            services["gateway"], method, path, body, {}
        )
    environments = [Path("/proc", pid, "environ") for pid in pids]
    answers["files"] = [
        str(path) for path in (*environments, *run_folder.rglob("*")) if opens(path)
    ]
    print(json.dumps(answers))


def disguises(name):
    """Without anything, with a credential that is made up, with tokens that are forged."""
    made_up = hmac.new(b"run_guessed", name.encode(), hashlib.sha256).hexdigest()
    claims = {"iss": "auth", "aud": [name], "sub": "admin", "exp": int(time.time()) + 600}
    claims["scope"] = "users:admin users:read products:write keys:rotate orders:read orders:write"
    return {
        "nobody": {},
        "a peer": {"X-Run-Credential": made_up},
        "an admin without signature": {"Authorization": f"Bearer {token('none', claims, b'')}"},
        "an admin signed by oneself": {"Authorization": f"Bearer {token('HS256', claims, b'x')}"},
    }


def token(algorithm, claims, secret):
    parts = [part({"alg": algorithm, "typ": "JWT", "kid": "rogue"}), part(claims)]
    signature = hmac.new(secret, ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, "" if algorithm == "none" else encoded(signature)])


def part(value):
    return encoded(json.dumps(value).encode())


def encoded(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def ask(url, method, path, body, headers):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url + path, data, headers, method=method)
    try:
        with OPENER.open(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as refusal:
        return refusal.code
    except OSError as error:
        return repr(error)


def opens(path):
    """Whether this file of another user's can be read."""
    try:
        path.read_bytes()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
