-- Takes off the ladder who was heard. How far it looked (null: to the end), and how many left.
-- role: muster_courier
-- params: $1 after whom, $2 how many to look at
SELECT last, ended FROM register.end_overdue($1::bigint, $2::integer)
