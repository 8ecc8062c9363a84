-- The newest change that is kept, and the oldest; 0 when there is none.
-- role: muster_desk
SELECT newest, oldest FROM desk.case_change_ends()
