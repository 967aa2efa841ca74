# change of: solution
# feedback: un essai a attendu | une seconde
-            response = requests.post(url, json=order, headers=headers, timeout=min(1, left))
+            response = requests.post(url, json=order, headers=headers)
