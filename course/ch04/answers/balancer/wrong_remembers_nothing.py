# change of: solution
# feedback: Au prochain appel | attendrait un mort
-            self.aside.add(url)
+            pass
