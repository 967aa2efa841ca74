# feedback: LookupError | couple
# mistake: laisse(nt) échapper les exceptions
# the module's own function: no time-out, and every failure is the customer's.
def find_user(url):
    user = requests.get(url)
    if not user.ok:
        raise LookupError("User not found")
    return 200, user.json()
