# feedback: vous rendez 100 | vendrait ce qu’elle n’a pas
# mistake: (rend|rendent) toujours le même nombre
def units_left(sku):
    return 100
