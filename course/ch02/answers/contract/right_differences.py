def broken(status, body):
    """Les promesses rompues, une phrase chacune."""
    if status != 200:
        yield f"statut {status}"
    if not isinstance(body, dict):
        yield "pas un objet"
        return
    if not (isinstance(body.get("name"), str) and body["name"]):
        yield "name"
    price = body.get("price_cents")
    if isinstance(price, bool) or not isinstance(price, int) or price < 0:
        yield "price_cents"


def keeps_promise(status, body):
    return not list(broken(status, body))
