-- As 0030_parties.sql has it; and by when they were to be heard from, and that this passed.
CREATE OR REPLACE VIEW desk.my_household AS
  SELECT r.registration_id, r.crisis_id, r.party_size, r.needs, r.last_status, r.last_check_in_at, r.epoch_id, r.sealed_location, k.country,
    array_to_string(t.bands, ' ') AS bands, array_to_string(t.answer_minutes, ' ') AS answer_minutes, v.client_id, v.word, v.received_at AS word_at,
    d.by AS check_in_by, coalesce(d.by < now() AND r.last_status IS DISTINCT FROM 'departed', false) AS is_overdue
  FROM (
    SELECT DISTINCT coalesce(m.case_id, w.registration_id) AS registration_id
    FROM register.staff AS s JOIN register.warden_list AS w USING (staff_id)
    LEFT JOIN register.merged AS m ON m.registration_id = w.registration_id AND m.undone_at IS NULL
    WHERE s.staff_id = desk.staff_id() AND s.role = 'warden' AND s.disabled_at IS NULL) AS mine
  JOIN register.registration AS r USING (registration_id)
  JOIN register.crisis AS k ON k.crisis_id = r.crisis_id AND k.closed_at IS NULL
  LEFT JOIN register.triage_policy AS t ON t.crisis_id = r.crisis_id
  CROSS JOIN LATERAL ( -- sooner in a danger zone; asked only of whom that would make overdue now
    SELECT CASE WHEN coalesce(r.last_check_in_at, r.received_at) + register.check_in_every_in_danger(k.check_in_every, t.danger_check_in_minutes) < least(r.check_in_by, now())
      THEN register.check_in_due(r.crisis_id, r.cell, coalesce(r.last_check_in_at, r.received_at), r.check_in_by) ELSE r.check_in_by END AS by) AS d
  LEFT JOIN LATERAL (
    SELECT w.* FROM register.warden_word AS w WHERE w.staff_id = desk.staff_id() AND w.registration_id = r.registration_id AND w.undone_at IS NULL
    ORDER BY w.received_at DESC LIMIT 1) AS v ON true;

-- The households of wardens' lists that row-level security shows to who asks, as they were listed, and how each stands: not found, when that is the last that
-- was heard; heard, while the next check-in is not overdue; else somebody has still to go there.
CREATE VIEW desk.warden_household WITH (security_invoker = true) AS
  SELECT l.staff_id, l.registration_id, r.registration_id AS case_id, v.word, v.received_at AS word_at, r.last_check_in_at, d.by AS check_in_by, o.is_overdue,
    CASE WHEN v.word = 'not_found' AND coalesce(r.last_check_in_at <= v.received_at, true) THEN 'not_found'
      WHEN r.last_check_in_at IS NOT NULL AND NOT o.is_overdue THEN 'heard' ELSE 'to_visit' END AS stands
  FROM register.warden_list AS l
  CROSS JOIN LATERAL ( -- a column of its own: of a coalesce, row-level security has no index used
    SELECT coalesce((SELECT m.case_id FROM register.merged AS m WHERE m.registration_id = l.registration_id AND m.undone_at IS NULL), l.registration_id) AS id
    OFFSET 0) AS h
  JOIN register.registration AS r ON r.registration_id = h.id
  JOIN register.crisis AS k ON k.crisis_id = r.crisis_id AND k.closed_at IS NULL
  LEFT JOIN register.triage_policy AS t ON t.crisis_id = r.crisis_id
  CROSS JOIN LATERAL ( -- sooner in a danger zone; asked only of whom that would make overdue now
    SELECT CASE WHEN coalesce(r.last_check_in_at, r.received_at) + register.check_in_every_in_danger(k.check_in_every, t.danger_check_in_minutes) < least(r.check_in_by, now())
      THEN register.check_in_due(r.crisis_id, r.cell, coalesce(r.last_check_in_at, r.received_at), r.check_in_by) ELSE r.check_in_by END AS by) AS d
  CROSS JOIN LATERAL (SELECT coalesce(d.by < now() AND r.last_status IS DISTINCT FROM 'departed', false) AS is_overdue) AS o
  LEFT JOIN LATERAL (
    SELECT w.word, w.received_at FROM register.warden_word AS w
    WHERE w.staff_id = l.staff_id AND w.registration_id = ANY (ARRAY[r.registration_id, l.registration_id]) AND w.undone_at IS NULL
    ORDER BY w.received_at DESC LIMIT 1) AS v ON true;
GRANT SELECT ON desk.warden_household TO muster_desk;
