-- For which periods does a measure cover the country? A file from one council or region adds a period only for the areas
-- in it: for all others the newest period stays that of the last whole release.
-- Reads: figures. Makes: whole_periods.

-- Whole: at least half as many authorities have a figure, hidden ones included, as in the fullest period of the measure.
CREATE TABLE whole_periods AS
SELECT indicator, age_group, layer, period_end
FROM (SELECT indicator, age_group, layer, period_end, count(*) AS areas,
             max(count(*)) OVER (PARTITION BY indicator, age_group, layer, frequency) AS fullest
      FROM figures
      WHERE level = 'authority' AND status NOT IN ('z', 'missing')
      GROUP BY indicator, age_group, layer, frequency, period_end)
WHERE 2 * areas >= fullest;
