VITAL = ["catalogue", "commande", "refus", "courriel", "débit"]


def detect(visits):
    for promise in VITAL:
        mine = [v for v in visits if v["promise"] == promise]
        if len(mine) < 8 or sum(not v["kept"] for v in mine[-8:]) < 3:
            continue
        # Back from the end, for as long as failures are not rare.
        start, good = None, 0
        for visit in reversed(mine):
            if visit["kept"]:
                good += 1
                if good > 7:
                    break
            else:
                start, good = visit["at"], 0
        return [promise, start]
