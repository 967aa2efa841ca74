# change of: solution
# feedback: KeyError
-    if url := os.environ.get("PRODUCTS_URL"):
-        return url
