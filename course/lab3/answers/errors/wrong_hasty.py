# change of: solution
# feedback: trois dixièmes
-        response = requests.get(url, timeout=1)
+        response = requests.get(url, timeout=0.05)
