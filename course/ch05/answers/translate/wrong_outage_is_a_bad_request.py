# feedback: Personne n’écoute | client croirait
# mistake: (prend|prennent) une panne pour une faute du client
# reports an outage as the customer's mistake (the fallback of a well-known demo).
def find_user(url):
    try:
        response = requests.get(url, timeout=1)
        response.raise_for_status()
        user = response.json()
        return 200, {**user, "id": user["id"], "name": user["name"]}
    except Exception:
        return 422, "Utilisateur inconnu"
