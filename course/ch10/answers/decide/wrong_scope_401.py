# change of: solution
# feedback: droit demandé | 403 | reconnecterait
-        return 403, 'Bearer error="insufficient_scope"'
+        return 401, 'Bearer error="insufficient_scope"'
