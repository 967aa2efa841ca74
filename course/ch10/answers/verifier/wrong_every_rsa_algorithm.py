# change of: solution
# feedback: signé en RS512 | est accepté
-            self.keys[kid],
-            algorithms=["RS256"],
+            self.keys[kid].key,
+            algorithms=["RS256", "RS512"],
