# limits the whole call, not only its silences, by streaming
import json


def find_user(url):
    end = time.monotonic() + 1
    try:
        with requests.get(url, timeout=1, stream=True) as response:
            body = b""
            for piece in response.iter_content(1024):
                body += piece
                if time.monotonic() > end:
                    return 504, "goutte à goutte"
            return translated(response.status_code, body)
    except requests.Timeout:
        return 504, "muet"
    except requests.ConnectionError:
        return 503, "mort"
    except requests.RequestException:
        return 502, "rompu"


def translated(status, body):
    if status != 200:
        return {404: 422, 503: 503, 504: 504}.get(status, 502), {}
    try:
        user = json.loads(body)
    except ValueError:
        return 502, {}
    good = isinstance(user, dict) and all(isinstance(user.get(k), str) for k in ("id", "name"))
    return (200, user) if good else (502, {})
