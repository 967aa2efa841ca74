# feedback: rend None | liste de couples
# mistake: affiche(nt) sans rien rendre
def outgoing(headers, user):
    for name, value in headers:
        if not name.lower().replace("_", "-").startswith("x-user-"):
            print(name, value)
