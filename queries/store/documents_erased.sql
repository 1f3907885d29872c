-- Which documents were erased, and when did they begin?
-- Parameters: none
-- Columns: one row per document: document, at (UTC, when it was first saved)
SELECT document, arg_min("at", entry) AS "at"
FROM store.documents
WHERE "key" = ''
GROUP BY document
ORDER BY document
