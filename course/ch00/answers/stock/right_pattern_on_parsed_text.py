# quotes the path, parses the text itself and matches the mapping's shape.
import json
from urllib.parse import quote


def units_left(sku):
    path = "/stock/" + quote(sku, safe="")
    response = shop.get(path)
    try:
        document = json.loads(response.text)
    except json.JSONDecodeError:
        document = None
    match document:
        case {"available": int(units)}:
            return units
        case _:
            return None
