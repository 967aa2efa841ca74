# change of: solution
# feedback: n’est plus citée | nouvelle inscription
-        self.aside &= set(urls)
