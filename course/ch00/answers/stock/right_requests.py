import requests


def units_left(sku):
    try:
        answer = requests.get(f"{shop['inventory'].url}/stock/{sku}", timeout=2)
        answer.raise_for_status()
    except requests.HTTPError:
        return None
    return int(answer.json()["available"])
