-- Of the changes of cases the last 50,000 are kept, and what has not been counted.
-- role: muster_courier
DELETE FROM register.case_change WHERE change_id < (SELECT max(change_id) FROM register.case_change) - 50000
  AND change_id <= (SELECT upto FROM register.case_count_mark)
