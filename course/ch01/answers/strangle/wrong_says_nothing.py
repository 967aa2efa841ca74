# change of: solution
# feedback: renvoie None | True
-        return True
