# change of: solution
# feedback: répond quand les autres refusent | les autres sont à l’écart
-        self.aside.discard(url)
