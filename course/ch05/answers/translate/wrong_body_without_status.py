# feedback: couple
# mistake: (rend|rendent) le corps sans le statut
# returns the user alone
def find_user(url):
    try:
        return requests.get(url, timeout=1).json()
    except requests.RequestException:
        return None
