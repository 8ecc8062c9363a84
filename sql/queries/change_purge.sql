-- Of the changes of cases the last 50,000 are kept.
-- role: muster_courier
DELETE FROM register.case_change WHERE change_id < (SELECT max(change_id) FROM register.case_change) - 50000
