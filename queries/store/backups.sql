-- The backups that were written since an upload came in.
-- Parameters
--   since   a version; backups that hold it or a later one
-- Columns: one row per backup, newest first: at (UTC), machine, path, version
SELECT max("at") AS "at", machine, path, max(version) AS version
FROM store.backups
WHERE version >= $since
GROUP BY machine, path
ORDER BY max("at") DESC, path
