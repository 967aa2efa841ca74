# change of: solution
# feedback: Le client attend 0,2 s | au-delà
# mistake: attend(ent) une réponse au-delà du délai du client
-            response = requests.post(url, json=order, headers=headers, timeout=min(1, left))
+            response = requests.post(url, json=order, headers=headers, timeout=1)
