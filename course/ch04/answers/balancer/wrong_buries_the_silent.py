# change of: solution
# feedback: en dernier | l’on ne vendrait plus rien
# mistake: n’essaie(nt) plus jamais une instance mise à l’écart
-        error, left = NoInstance(), set(urls)
+        error, left = NoInstance(), set(urls) - self.aside
