# change of: solution
# feedback: droit demandé | 403 | reconnecterait
# mistake: répond(ent) 401 quand il manque un droit
-        return 403, 'Bearer error="insufficient_scope"'
+        return 401, 'Bearer error="insufficient_scope"'
