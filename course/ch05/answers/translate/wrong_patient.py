# change of: solution
# feedback: attendiez encore | une seconde
-        response = requests.get(url, timeout=1)
+        response = requests.get(url, timeout=5)
