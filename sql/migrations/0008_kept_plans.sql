-- The two functions that store keep their plans whatever the size of what they are given. PostgreSQL thinks a plan made for a small array
-- cheaper than the kept one, and makes it anew at each call: eight plans, which cost more than running them. One check-in alone took
-- 1,113 us of CPU so, and takes 420. Whoever replaces one of these functions has to say it again.
ALTER FUNCTION edge.store_check_ins SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION edge.store_registrations SET plan_cache_mode = force_generic_plan;
