-- Which documents were erased, by whom and why?
-- Parameters: none
-- Columns: one row per document: number, began (UTC, when it was first saved), at (UTC, when it was erased), issuer, subject, name,
--   reason; the last five are NULL where a backup lost who erased it
SELECT document AS number, arg_min("at", entry) AS began, max("at") FILTER (WHERE action = 'erased') AS "at",
       arg_max(issuer, entry) FILTER (WHERE action = 'erased') AS issuer,
       arg_max(subject, entry) FILTER (WHERE action = 'erased') AS subject,
       arg_max(name, entry) FILTER (WHERE action = 'erased') AS name,
       arg_max(reason, entry) FILTER (WHERE action = 'erased') AS reason
FROM store.documents
WHERE "key" = ''
GROUP BY document
ORDER BY document
