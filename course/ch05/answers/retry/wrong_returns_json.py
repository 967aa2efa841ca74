# change of: solution
# feedback: cette réponse
# mistake: (rend|rendent) le corps à la place de la réponse
-                return response
+                return response.json()
