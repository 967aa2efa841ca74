# change of: solution
# feedback: six secondes de silence | 504
-        response = requests.get(url, timeout=1)
+        response = requests.get(url)
