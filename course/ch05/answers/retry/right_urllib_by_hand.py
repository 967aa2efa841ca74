# builds its own answer from http.client's
import http.client
import json
from types import SimpleNamespace
from urllib.parse import urlsplit


def place(url, order, seconds, sleep=time.sleep):
    end, key = time.monotonic() + seconds, str(uuid.uuid4())
    for attempt in range(4):
        if attempt:
            sleep(min(random.uniform(0, 0.2 * attempt), max(0, end - time.monotonic())))
        left = end - time.monotonic()
        if left <= 0:
            return None
        where = urlsplit(url)
        connection = http.client.HTTPConnection(where.netloc, timeout=min(1, left))
        try:
            connection.request(
                "POST",
                where.path,
                json.dumps(order),
                {"Content-Type": "application/json", "Idempotency-Key": key},
            )
            response = connection.getresponse()
            status, body = response.status, response.read()
        except (OSError, http.client.HTTPException):
            continue
        finally:
            connection.close()
        if status not in (502, 503, 504):
            return SimpleNamespace(status_code=status, json=lambda body=body: json.loads(body))
    return None
