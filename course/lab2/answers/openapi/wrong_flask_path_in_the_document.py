# change of: right_python_dict_with_swagger_files
# feedback: ne dit rien de GET /products/{sku} | GET /products/<sku> | accolades
# mistake: écri(t|vent) les chemins à la façon de Flask
-        "/products/{sku}": {
+        "/products/<sku>": {
