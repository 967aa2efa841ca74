# change of: solution
# feedback: NoInstance | le service est absent
# mistake: (rend|rendent) None quand il n’y a personne
-        error, left = NoInstance(), set(urls)
+        if not urls:
+            return None
+        error, left = NoInstance(), set(urls)
