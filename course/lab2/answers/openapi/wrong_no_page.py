# change of: right_by_hand
# feedback: Aucune page HTML
-@app.get("/docs")
+@app.get("/une/page/introuvable")
