# feedback: sont encore rompues
def mend(wheel):
    for name in list(shop.services):
        wheel.restart(name)
