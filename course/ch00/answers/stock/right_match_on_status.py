# a match statement on the status; any other status raises, it is neither a number nor an unknown article.
def units_left(sku):
    response = shop.get(f"/stock/{sku}")
    match response.status_code:
        case 200:
            return int(response.json()["available"])
        case 404:
            return None
        case other:
            raise RuntimeError(f"/stock/{sku} a répondu {other}")
