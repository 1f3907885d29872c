-- Which years have figures for any measure?
-- Parameters: none
-- Columns: one row per year, newest first: year, measures (how many indicators have figures of a period ending in it)
SELECT year(period_end)::INTEGER AS year, count(DISTINCT indicator) AS measures
FROM spread
WHERE layer = 'published'
GROUP BY ALL
ORDER BY year DESC
