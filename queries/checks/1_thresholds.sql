-- The thresholds used in checking an upload: the only place where they are set.

-- A share that moved by more than this many points since the last quarter, where both have at least this denominator.
CREATE MACRO jump_points() AS 15;
CREATE MACRO jump_base() AS 30;
-- A denominator that moved by more than this percentage.
CREATE MACRO denominator_share() AS 25;
-- Fewer than this are very few: one person more or less moves the figure, and chance alone can move the denominator by a
-- quarter.
CREATE MACRO small_base() AS 10;
-- With this denominator or more, 0% or 100% is unusual.
CREATE MACRO certain_base() AS 10;

-- Periods end on the last day of a month, and so must the periods they are compared with.
CREATE MACRO previous_quarter(day) AS last_day((day - INTERVAL 3 MONTH)::DATE);
CREATE MACRO year_before(day) AS last_day((day - INTERVAL 1 YEAR)::DATE);

-- Whether two numbers are the same but for arithmetic error (values have ten significant figures); so are two absent ones.
CREATE MACRO alike(a, b) AS
    CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL ELSE abs(a - b) <= 1e-8 * greatest(1, abs(a), abs(b)) END;
