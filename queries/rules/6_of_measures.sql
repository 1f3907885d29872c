-- Figures, observations and hidden bases of measures whose ids are found out while a question is answered. A join would do the
-- same, but of a file it reads all figures before it leaves most of them out (careleavers/figures/figures_file.py).
-- Reads: figures, observations, hidden_bases. Makes: the table macros figures_of, observations_of, hidden_bases_of.
CREATE MACRO figures_of(ids) AS TABLE SELECT * FROM figures WHERE indicator IN (SELECT unnest(ids));
CREATE MACRO observations_of(ids) AS TABLE SELECT * FROM observations WHERE indicator IN (SELECT unnest(ids));
CREATE MACRO hidden_bases_of(ids) AS TABLE SELECT * FROM hidden_bases WHERE indicator IN (SELECT unnest(ids));
