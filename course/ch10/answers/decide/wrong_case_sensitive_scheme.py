# change of: solution
# feedback: bearer | RFC 9110
# mistake: oublie(nt) que le schéma ignore la casse
-    if scheme.lower() != "bearer" or not token:
+    if scheme != "Bearer" or not token:
