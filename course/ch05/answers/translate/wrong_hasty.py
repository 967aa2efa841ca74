# change of: solution
# feedback: après trois dixièmes de seconde
# mistake: renonce(nt) trop tôt
-        response = requests.get(url, timeout=1)
+        response = requests.get(url, timeout=0.1)
