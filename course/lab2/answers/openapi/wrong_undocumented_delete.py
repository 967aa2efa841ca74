# change of: right_flask_openapi3
# feedback: ne dit rien de DELETE
# mistake: ne documente(nt) pas DELETE
-@app.delete("/products/<sku>", responses={204: None})
-def remove_product(path: ProductPath):
-    catalogue.pop(path.sku, None)
+def remove_product(sku):
+    catalogue.pop(sku, None)
     return "", 204
+
+
+app.add_url_rule("/products/<sku>", "remove", remove_product, methods=["DELETE"])
