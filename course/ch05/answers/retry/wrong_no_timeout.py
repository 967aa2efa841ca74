# change of: solution
# feedback: un essai a attendu | une seconde
# mistake: n’(a|ont) pas de délai pour un essai
-            response = requests.post(url, json=order, headers=headers, timeout=min(1, left))
+            response = requests.post(url, json=order, headers=headers)
