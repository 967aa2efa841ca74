# change of: solution
# feedback: n’est plus citée | nouvelle inscription
# mistake: n’oublie(nt) pas une instance partie
-        self.aside &= set(urls)
