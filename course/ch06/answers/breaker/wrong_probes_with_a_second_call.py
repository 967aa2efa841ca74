# change of: solution
# feedback: appelée 2 fois
# mistake: appelle(nt) deux fois pour un seul appel
-            result = function()
+            function()
+            result = function()
