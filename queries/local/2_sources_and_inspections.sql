-- What else uploads add: sources of figures, and the inspections and visits that councils report.
-- Reads: parts, local_figures, sources_added, events. Makes: sources, inspections, held.

CREATE VIEW inspections AS
SELECT * FROM main.inspections UNION ALL BY NAME SELECT * FROM events;

-- Only sources in use: an upload whose figures have all been replaced is not the source of anything shown.
CREATE TABLE sources AS
SELECT * FROM main.sources
UNION ALL BY NAME
SELECT DISTINCT * FROM sources_added WHERE release IN (SELECT unnest(releases) FROM parts);

CREATE VIEW held AS
SELECT indicator, min(first_period) AS first_period, max(latest_period) AS latest_period,
       arg_max(release, latest_period) AS release
FROM (SELECT * FROM main.held
      UNION ALL BY NAME
      SELECT indicator, min(period_end) AS first_period, max(period_end) AS latest_period,
             arg_max(release, (period_end, release::INTEGER)) AS release
      FROM local_figures WHERE indicator NOT IN (SELECT indicator FROM main.held)
      GROUP BY indicator)
GROUP BY indicator;
