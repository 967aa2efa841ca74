# the standard library alone
import json
import urllib.error
import urllib.request


def find_user(url):
    try:
        with urllib.request.urlopen(url, timeout=1) as response:
            status, body = response.status, response.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, b""
    except TimeoutError:
        return 504, ""
    except urllib.error.URLError as error:
        return (504, "") if isinstance(error.reason, TimeoutError) else (503, "")
    except Exception:
        return 502, ""
    if status == 404:
        return 422, ""
    if status in (503, 504):
        return status, ""
    if status == 200:
        try:
            user = json.loads(body)
            if type(user) is dict and type(user["id"]) is type(user["name"]) is str:
                return 200, user
        except (ValueError, KeyError):
            pass
    return 502, ""
