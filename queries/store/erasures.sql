-- Which uploads were erased, by whom and why?
-- Parameters: none
-- Columns: one row per upload: number, began (UTC, when it was uploaded), at (UTC, when it was erased), issuer, subject, name, reason;
--   the last five are NULL where a backup lost who erased it
SELECT u.upload AS number, a."at" AS began, max(e."at") AS "at", arg_max(e.issuer, e.entry) AS issuer,
       arg_max(e.subject, e.entry) AS subject, arg_max(e.name, e.entry) AS name, arg_max(e.reason, e.entry) AS reason
FROM store.uploads u
JOIN store.ledger a ON a.entry = u.upload
LEFT JOIN store.ledger e ON e.upload = u.upload AND e.action = 'erased'
WHERE u.rows = 0
GROUP BY u.upload, a."at"
ORDER BY u.upload
