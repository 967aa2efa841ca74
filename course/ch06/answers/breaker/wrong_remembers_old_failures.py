# change of: solution
# feedback: a oublié les vieux échecs | refusé
-                self.failures.clear()
+                pass
