def keeps_promise(status, body):
    """Cette réponse de products suffit-elle à la caisse ?"""
    match status, body:
        case _, {"price_cents": bool()}:
            return False
        case 200, {"name": str(name), "price_cents": int(price)} if name and price >= 0:
            return True
        case _:
            return False
