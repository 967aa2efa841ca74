# feedback: vous rendez None
# mistake: (garde|gardent) le stock d’un appel précédent
_unknown = set()


def units_left(sku):
    if sku in _unknown:
        return None
    answer = shop.get(f"/stock/{sku}")
    if answer.status_code == 404:
        _unknown.add(sku)
        return None
    return answer.json()["available"]
