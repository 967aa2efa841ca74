# change of: solution
# feedback: bearer | RFC 9110
-    if scheme.lower() != "bearer" or not token:
+    if scheme != "Bearer" or not token:
