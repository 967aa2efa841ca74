# change of: solution
# feedback: répond quand les autres refusent | les autres sont à l’écart
# mistake: ne pardonne(nt) pas à une instance qui répond à nouveau
-        self.aside.discard(url)
