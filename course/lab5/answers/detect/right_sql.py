import sqlite3

QUERY = """
WITH tail AS (
    SELECT promise, at, kept,
           SUM(CASE WHEN kept THEN -3 ELSE 5 END) OVER (
               PARTITION BY promise ORDER BY n DESC ROWS UNBOUNDED PRECEDING
           ) AS score
    FROM visits WHERE lower(promise) <> 'rayon'
)
SELECT promise, at FROM tail WHERE score >= 7 ORDER BY score DESC LIMIT 1
"""


def detect(visits):
    db = sqlite3.connect(":memory:")
    try:
        db.execute("CREATE TABLE visits (n INTEGER, at REAL, promise TEXT, kept INTEGER)")
        rows = [(n, v["at"], v["promise"], int(v["kept"])) for n, v in enumerate(visits)]
        db.executemany("INSERT INTO visits VALUES (?, ?, ?, ?)", rows)
        return db.execute(QUERY).fetchone()
    finally:
        db.close()
