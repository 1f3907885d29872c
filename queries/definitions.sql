-- What does each measure mean, and where do its figures come from?
-- Parameters
--   search     words that must all occur in a measure's names, group, definition or caveats; '' for every measure
--   theme      'outcome', 'enabler' or 'context'; 'all' for every theme
--   indicator  the id, title or short title of one measure, in any case; '' for every measure
-- Columns: one row per measure, in the order of the catalogue, those with the search words in their name first
--   indicator, title, short_title, theme, sub_theme, published_every ('year' or 'quarter'), family, unit, polarity, decimals, headline, age_groups (separated by ';'),
--   interval, numerator_counts, denominator_counts, definition, caveats, statutory_return, target
--   first_period, latest_period   dates of the oldest and newest figures held, hidden ones included; NULL for none
--   release                       the release that the newest figures come from
--   source, source_title, publisher, licence, url, published, rounding   of that release
WITH catalogue AS (
    SELECT
        *,
        rowid AS position,
        lower(concat_ws(' ', id, title, short_title)) AS names,
        lower(concat_ws(' ', id, title, short_title, sub_theme, definition, caveats)) AS words
    FROM indicators
),
wanted AS (
    SELECT list_filter(string_split_regex(lower(trim($search)), '\s+'), lambda w: w <> '') AS words
)
SELECT
    c.id AS indicator,
    c.title,
    c.short_title,
    c.theme,
    c.sub_theme,
    c.published_every,
    c.family,
    c.unit,
    c.polarity,
    c.decimals,
    c.headline,
    c.age_groups,
    c.interval,
    c.numerator_counts,
    c.denominator_counts,
    c.definition,
    c.caveats,
    c.statutory_return,
    c.target,
    h.first_period,
    h.latest_period,
    h.release,
    c.source,
    s.title AS source_title,
    s.publisher,
    s.licence,
    s.url,
    s.published,
    s.rounding
FROM catalogue AS c
CROSS JOIN wanted AS w
LEFT JOIN held AS h ON h.indicator = c.id
LEFT JOIN sources AS s ON s.source = c.source AND s.release = h.release
WHERE ($theme = 'all' OR c.theme = $theme)
  AND ($indicator = '' OR lower(trim($indicator)) IN (lower(c.id), lower(c.title), lower(c.short_title)))
  AND len(list_filter(w.words, lambda x: NOT contains(c.words, x))) = 0
ORDER BY
    len(list_filter(w.words, lambda x: NOT contains(c.names, x))),
    CASE c.theme WHEN 'outcome' THEN 1 WHEN 'enabler' THEN 2 ELSE 3 END,
    min(c.position) OVER (PARTITION BY c.theme, c.sub_theme),
    c.position
