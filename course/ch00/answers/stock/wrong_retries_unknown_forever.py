# feedback: n’a pas rendu la main
# mistake: (redemande|redemandent) sans fin un article inconnu
# retries until the status is 200: for an unknown article the call never returns.
import time


def units_left(sku):
    response = shop.get(f"/stock/{sku}")
    while response.status_code != 200:
        time.sleep(0.2)
        response = shop.get(f"/stock/{sku}")
    return response.json()["available"]
