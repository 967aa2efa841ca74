# change of: solution
# feedback: cette réponse
-                return response
+                return response.json()
