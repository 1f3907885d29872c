-- What do the words, marks and rules of this product mean?
-- Parameters
--   search  words that must all occur in the term or its meaning; '' for the whole glossary
-- Columns: one row per term, in the order of the glossary, those with the search words in the term first
--   term, grouping ('words', 'marks' or 'rules'), meaning
WITH wanted AS (
    SELECT list_filter(string_split_regex(lower(trim($search)), '\s+'), lambda w: w <> '') AS words
)
SELECT g.term, g."group" AS grouping, g.meaning
FROM glossary AS g
CROSS JOIN wanted AS w
WHERE len(list_filter(w.words, lambda x: NOT contains(lower(g.term || ' ' || g.meaning), x))) = 0
ORDER BY len(list_filter(w.words, lambda x: NOT contains(lower(g.term), x))), g.rowid
