# change of: solution
# feedback: a oublié les vieux échecs | refusé
# mistake: garde(nt) les vieux échecs après un essai réussi
-                self.failures.clear()
+                pass
