# feedback: sont encore rompues
def mend(wheel):
    wheel.disable("/orders", "POST")
