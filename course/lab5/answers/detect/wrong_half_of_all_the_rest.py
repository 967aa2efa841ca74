# feedback: à 4 s près
# mistake: (prend|prennent) un bruit ancien pour le début de la panne
def detect(visits):
    for promise in dict.fromkeys(v["promise"] for v in visits):
        if promise.lower() == "rayon":
            continue
        own = [v for v in visits if v["promise"] == promise]
        for i, visit in enumerate(own):
            tail = [v["kept"] for v in own[i:]]
            if not visit["kept"] and tail.count(False) >= 2 and 2 * tail.count(False) >= len(tail):
                return promise, visit["at"]
    return None
