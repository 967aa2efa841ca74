# feedback: Dans les livres | BOOK
def mend(wheel):
    wheel.roll_back("orders")
    shop["inventory"].put("/stock/BOOK", {"available": 5000})
