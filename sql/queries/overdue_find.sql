-- Looks on through the register for who is overdue, and puts them on the ladder.
-- role: muster_courier
-- params: $1 how many parties to look at
SELECT looked, fresh FROM register.find_overdue($1::integer)
