def keeps_promise(status, body):
    match status, body:
        case 200, {"name": str(name), "price_cents": int(price)}:
            return name != "" and not isinstance(price, bool) and price >= 0
    return False
