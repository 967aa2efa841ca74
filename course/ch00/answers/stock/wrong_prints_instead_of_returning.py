# feedback: vous rendez None
# mistake: affiche(nt) le nombre sans le rendre
# prints the number and returns nothing: every article gives None.
def units_left(sku):
    response = shop.get(f"/stock/{sku}")
    if response.status_code == 404:
        return None
    print(response.json()["available"])
