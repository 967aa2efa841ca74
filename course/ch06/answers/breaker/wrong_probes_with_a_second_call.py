# change of: solution
# feedback: appelée 2 fois
-            result = function()
+            function()
+            result = function()
