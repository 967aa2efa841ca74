# change of: solution
# feedback: la même adresse a été essayée deux fois
# mistake: réessaie(nt) la même instance
-            left.remove(url)
-            try:
-                return self.attempt(send, url)
+            try:
+                try:
+                    return self.attempt(send, url)
+                except Refused:
+                    left.remove(url)
+                    return self.attempt(send, url)
