# change of: solution
# feedback: en dernier | l’on ne vendrait plus rien
-        error, left = NoInstance(), set(urls)
+        error, left = NoInstance(), set(urls) - self.aside
