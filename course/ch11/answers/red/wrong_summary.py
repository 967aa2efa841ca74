# change of: solution
# feedback: n’a pas de seaux | une moyenne, jamais un p95
-from prometheus_client import CONTENT_TYPE_LATEST, Histogram, generate_latest
+from prometheus_client import CONTENT_TYPE_LATEST, Summary, generate_latest

-DURATIONS = Histogram("http_request_duration_seconds", "Durée.", ["method", "route", "status"])
+DURATIONS = Summary("http_request_duration_seconds", "Durée.", ["method", "route", "status"])
