-- Holds the number of the migration that another branch brings; deleted when that is merged.
SELECT 1;
