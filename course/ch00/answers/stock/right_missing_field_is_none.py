# asks for forgiveness: a body without the field, or without JSON, is an unknown article.
def units_left(sku):
    try:
        return shop.get("/stock/" + sku).json()["available"]
    except (KeyError, ValueError):
        return None
