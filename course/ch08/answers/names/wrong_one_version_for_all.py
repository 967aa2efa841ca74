# change of: solution
# feedback: bob v1 | rend None
-        version, _ = self.known.get(event["customer"], (0, None))
+        version = max((v for v, _ in self.known.values()), default=0)
