# feedback: rend None | liste de couples
def outgoing(headers, user):
    for name, value in headers:
        if not name.lower().replace("_", "-").startswith("x-user-"):
            print(name, value)
