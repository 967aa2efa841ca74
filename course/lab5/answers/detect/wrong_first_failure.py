# feedback: Un jour où une visite échoue de loin en loin | None
def detect(visits):
    for visit in visits:
        if not visit["kept"] and visit["promise"] != "rayon":
            return visit["promise"], visit["at"]
