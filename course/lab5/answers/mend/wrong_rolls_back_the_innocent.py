# feedback: rien à quoi revenir
def mend(wheel):
    wheel.roll_back("notifications")
