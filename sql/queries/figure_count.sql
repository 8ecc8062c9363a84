-- Counts what the dashboard shows.
-- role: muster_courier
SELECT register.count_figures()
