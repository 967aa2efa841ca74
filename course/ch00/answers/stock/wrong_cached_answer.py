# feedback: vous rendez | le nombre d’unités disponibles
# mistake: (garde|gardent) le stock d’un appel précédent
# remembers the first answer for each article: after a sale the number is not the one of this instant.
from functools import lru_cache


@lru_cache(maxsize=None)
def units_left(sku):
    response = shop.get(f"/stock/{sku}")
    if response.status_code == 404:
        return None
    return response.json()["available"]
