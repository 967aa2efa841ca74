# feedback: 201
# mistake: (prend|prennent) tout statut 2xx pour un utilisateur
import requests
from urllib3.exceptions import ReadTimeoutError


def silent(error):
    return any(isinstance(a, ReadTimeoutError) for a in error.args)


def find_user(url):
    """Le statut et le corps à répondre à notre client."""
    try:
        answer = requests.get(url, timeout=1, allow_redirects=False)
    except requests.Timeout:
        return 504, "timeout"
    except requests.ConnectionError as error:
        return (504, "timeout") if silent(error) else (503, "down")
    except requests.RequestException:
        return 502, "bad gateway"
    if answer.status_code == 404:
        return 422, "unknown user"
    if answer.status_code in (503, 504):
        return answer.status_code, "unavailable"
    if not answer.ok:
        return 502, "bad gateway"
    try:
        user = answer.json()
    except Exception:
        return 502, "not JSON"
    if not isinstance(user, dict):
        return 502, "not an object"
    if not all(isinstance(user.get(field), str) for field in ("id", "name")):
        return 502, "not a user"
    return 200, user
