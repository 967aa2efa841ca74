# feedback: vous rendez '
# mistake: (rend|rendent) un texte à la place du nombre
# cuts the number out of the text with a regular expression and returns the string '98', not a number.
import re


def units_left(sku):
    found = re.search(r'"available"\s*:\s*(\d+)', shop.get(f"/stock/{sku}").text)
    return found.group(1) if found else None
