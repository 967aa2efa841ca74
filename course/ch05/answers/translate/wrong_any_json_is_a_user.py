# feedback: Une commande serait passée | 502
# mistake: (prend|prennent) tout JSON pour un utilisateur
# takes any JSON for a user.
def find_user(url):
    try:
        response = requests.get(url, timeout=1)
    except requests.Timeout:
        return 504, ""
    except requests.ConnectionError:
        return 503, ""
    except requests.RequestException:
        return 502, ""
    if response.status_code != 200:
        return {404: 422, 503: 503, 504: 504}.get(response.status_code, 502), {}
    try:
        return 200, response.json()
    except ValueError:
        return 502, ""
