# change of: solution
# feedback: Au prochain appel | attendrait un mort
# mistake: ne (retient|retiennent) pas qui est à l’écart
-            self.aside.add(url)
+            pass
