# feedback: vous rendez 100 | vendrait ce qu’elle n’a pas
def units_left(sku):
    return 100
