# change of: solution
# feedback: insufficient_scope | défi
-        return 403, 'Bearer error="insufficient_scope"'
+        return 403, 'Bearer error="invalid_token"'
