# feedback: UnboundLocalError
# mistake: (rend|rendent) une variable qui n’a pas reçu de valeur
# assigns the result in the 200 branch only: an unknown article ends in UnboundLocalError.
def units_left(sku):
    response = shop.get(f"/stock/{sku}")
    match response.status_code:
        case 200:
            units = response.json()["available"]
        case 404:
            print("article inconnu")
    return units
