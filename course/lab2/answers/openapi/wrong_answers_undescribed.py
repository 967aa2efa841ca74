# change of: right_flask_openapi3
# feedback: n’est pas décrit
# mistake: ne décri(t|vent) pas les réponses
-@app.get("/products", responses={200: Catalogue})
+@app.get("/products", responses={200: None})
