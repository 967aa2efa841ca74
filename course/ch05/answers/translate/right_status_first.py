def find_user(url):
    try:
        r = requests.get(url, timeout=(1, 1))
    except requests.exceptions.Timeout:
        return (504, None)
    except requests.exceptions.ConnectionError as error:
        return (503, str(error))
    except requests.exceptions.RequestException as error:
        return (502, str(error))
    if r.status_code == 404:
        return (422, {"error": "unknown user"})
    if r.status_code in (503, 504):
        return (r.status_code, r.text)
    if r.status_code != 200:
        return (502, None)
    try:
        user = r.json()
    except requests.exceptions.JSONDecodeError:
        return (502, None)
    if not isinstance(user, dict):
        return (502, None)
    for name in ("id", "name"):
        if not isinstance(user.get(name), str):
            return (502, None)
    return (200, {"id": user["id"], "name": user["name"], **user})
