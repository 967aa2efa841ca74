# change of: right_by_hand
# feedback: Aucune page HTML
# mistake: ne publie(nt) aucune page
-@app.get("/docs")
+@app.get("/une/page/introuvable")
