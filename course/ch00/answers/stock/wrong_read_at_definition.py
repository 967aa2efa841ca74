# feedback: vous rendez | le nombre d’unités disponibles
# mistake: (lit|lisent) le stock une seule fois, à la définition
# reads the stock once, when the cell runs: later sales are not seen, and articles out of the list are said not to exist.
STOCK = {}
for name in ("LAMP", "MUG"):
    STOCK[name] = shop.get(f"/stock/{name}").json()["available"]


def units_left(sku):
    return STOCK.get(sku)
