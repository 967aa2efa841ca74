# change of: solution
# feedback: JSON
-            response = requests.post(url, json=order, headers=headers, timeout=min(1, left))
+            response = requests.post(url, data=order, headers=headers, timeout=min(1, left))
