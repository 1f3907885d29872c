-- The values that earlier releases gave for a figure that was later restated, for each area that shows it.
-- Reads: superseded, members. Makes: earlier.
CREATE TABLE earlier AS
SELECT s.indicator, s.age_group, m.authority_code AS area_code, s.period_end, s.layer,
       -- Sorted by release, the first field.
       list_sort(list({'release': s.release, 'value': s.value, 'numerator': s.numerator, 'denominator': s.denominator,
                       'status': s.status, 'source': s.source})) AS said
FROM superseded s
-- A joint return is shown for each of its members.
JOIN (SELECT joint_code, authority_code FROM members
      UNION ALL SELECT DISTINCT area_code, area_code FROM superseded) m ON m.joint_code = s.area_code
GROUP BY ALL;
