# change of: solution
# feedback: JSON
# mistake: envoie(nt) un formulaire à la place de JSON
-            response = requests.post(url, json=order, headers=headers, timeout=min(1, left))
+            response = requests.post(url, data=order, headers=headers, timeout=min(1, left))
