-- The thresholds of the checks of an upload, each here and nowhere else.

-- A share that moved by more than this many points from the last quarter, where both rest on this many or more.
CREATE MACRO jump_points() AS 15;
CREATE MACRO jump_base() AS 30;
-- A denominator that moved by more than this share of what it was, in per cent.
CREATE MACRO denominator_share() AS 25;
-- Fewer than this are very few: one more or less moves the figure, and chance alone moves the denominator by a quarter.
CREATE MACRO small_base() AS 10;
-- From this many on, none or all of them is unusual.
CREATE MACRO certain_base() AS 10;

-- Periods end on the last day of a month, and so do those they are compared with.
CREATE MACRO previous_quarter(day) AS last_day((day - INTERVAL 3 MONTH)::DATE);
CREATE MACRO year_before(day) AS last_day((day - INTERVAL 1 YEAR)::DATE);

-- Whether two numbers are the same, apart from arithmetic error beyond ten significant figures; both may be absent.
CREATE MACRO alike(a, b) AS
    CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL ELSE abs(a - b) <= 1e-8 * greatest(1, abs(a), abs(b)) END;
