# feedback: nombre d’unités disponibles
# mistake: (garde|gardent) le stock d’un appel précédent
from functools import cache


@cache
def units_left(sku):
    response = shop.get(f"/stock/{sku}")
    return response.json()["available"] if response.ok else None
