# change of: solution
# feedback: après trois dixièmes de seconde
-        response = requests.get(url, timeout=1)
+        response = requests.get(url, timeout=0.1)
