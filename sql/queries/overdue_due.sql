-- Who is on the ladder and due for its next step, with what tells which it is.
-- role: muster_courier
-- params: $1 how many, $2 recipient id
SELECT registration_id, since, rung, round, due_at, silent, language, crisis, country, place, needs, intent, in_danger_zone, has_warden, first, second,
  epoch_id, sealed_contact, wrapped, room, stale_at, stale_s, bands, answer_minutes, ask_id, at, clock_s
FROM register.overdue_due($1::integer, $2::text)
