# change of: solution
# feedback: insufficient_scope | défi
# mistake: donne(nt) partout le même défi
-        return 403, 'Bearer error="insufficient_scope"'
+        return 403, 'Bearer error="invalid_token"'
