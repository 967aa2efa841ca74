# change of: right_flask_openapi3
# feedback: n’est pas décrit
-@app.get("/products", responses={200: Catalogue})
+@app.get("/products", responses={200: None})
