-- An officer's text to a party: to the number that the officer chose, else to the first phone that it registered, else to the number that last
-- texted, through the gateway that its last text went through, else the crisis's first that sends. The case counts as answered, and its holder's lease is renewed; of a party
-- that has no case the version is 0. In an exercise it goes to nobody. Said again with the same id it has one effect.
-- role: muster_desk
-- params: $1 registration_id, $2 staff_id, $3 the version the caller saw or null, $4 origin,
--   $5 message_id, $6 epoch_id, $7 sealed text, $8 epoch opened_at, $9 recipient ids, $10 wraps,
--   $11 the contact chosen, by its number in the case, or null, $12 the check-in whose sender was chosen, or null. case_state.sql tells whether the party has that number.
WITH party AS MATERIALIZED (SELECT p.registration_id, p.place, p.registered FROM desk.party_of AS p WHERE p.case_id = $1::bigint),
phone AS (
  SELECT c.registration_id, c.ordinal FROM party AS p JOIN register.contact AS c USING (registration_id)
  WHERE p.registered AND c.kind IN ('phone', 'whatsapp')
    AND $12::uuid IS NULL AND ($11::integer IS NULL OR c.ordinal + 100 * p.place = $11::integer)
  ORDER BY p.place, c.is_primary DESC, c.ordinal LIMIT 1),
heard AS (
  SELECT c.registration_id, c.client_id FROM party AS p JOIN register.check_in AS c USING (registration_id) JOIN register.registration AS r USING (registration_id)
  WHERE c.sealed_sender IS NOT NULL AND NOT EXISTS (SELECT FROM phone)
    AND $11::integer IS NULL AND ($12::uuid IS NULL OR c.client_id = $12::uuid)
    AND (NOT register.is_exercise(c.client_id) OR register.is_exercise_party(r.registration_id, r.client_id))
  ORDER BY (c.channel = 'sms') DESC, c.received_at DESC LIMIT 1),
way AS MATERIALIZED (
  SELECT r.registration_id, t.registration_id IS NOT NULL AS has_case, (SELECT client_id FROM heard) AS to_check_in,
    (SELECT ordinal FROM phone) AS to_contact, coalesce((SELECT registration_id FROM phone), (SELECT registration_id FROM heard)) AS whose,
    coalesce(
      (SELECT g.name FROM register.message AS m JOIN register.gateway AS g ON g.name = m.gateway AND g.sends
       WHERE m.registration_id IN (SELECT p.registration_id FROM party AS p) ORDER BY m.created_at DESC LIMIT 1),
      (SELECT g.name FROM register.gateway AS g WHERE g.crisis_id = r.crisis_id AND g.sends ORDER BY g.created_at, g.name LIMIT 1)) AS gateway
  FROM register.registration AS r LEFT JOIN register.triage_case AS t ON t.registration_id = r.registration_id
  WHERE r.registration_id = $1::bigint AND r.state <> 'merged'
    AND (SELECT count(*) FROM party AS p JOIN register.message AS m USING (registration_id)
      WHERE m.created_at > now() - interval '1 hour') < 40
    AND NOT EXISTS (SELECT FROM party AS p JOIN register.message AS m USING (registration_id) WHERE m.message_id = $5::uuid)),
renewed AS (
  UPDATE register.triage_case AS t SET answered_at = coalesce(t.answered_at, now()),
    lease_until = CASE WHEN t.claimed_by = $2::bigint AND t.state = 'claimed' THEN now() + interval '15 minutes' ELSE t.lease_until END,
    version = t.version + 1
  FROM way WHERE t.registration_id = way.registration_id AND ($3::integer IS NULL OR t.version = $3::integer)
    AND way.gateway IS NOT NULL AND (way.to_check_in IS NOT NULL OR way.to_contact IS NOT NULL)
  RETURNING t.registration_id, t.version, way.to_check_in, way.to_contact, way.whose, way.gateway),
sent AS (
  SELECT * FROM renewed UNION ALL
  SELECT registration_id, 0, to_check_in, to_contact, whose, gateway FROM way
  WHERE NOT has_case AND $3::integer IS NULL AND gateway IS NOT NULL AND (to_check_in IS NOT NULL OR to_contact IS NOT NULL)),
epoch AS (
  INSERT INTO register.epoch (epoch_id, opened_at) SELECT $6::uuid, $8::timestamptz FROM sent ON CONFLICT DO NOTHING),
wraps AS (
  INSERT INTO register.epoch_wrap SELECT $6::uuid, recipient_id, wrapped
  FROM sent, unnest($9::text[], $10::bytea[]) AS w (recipient_id, wrapped) ON CONFLICT DO NOTHING),
message AS (
  INSERT INTO register.message (registration_id, message_id, origin, rank, staff_id, to_check_in, to_contact, gateway, epoch_id,
    sealed_text, expires_at, state, reason)
  SELECT whose, $5::uuid, 'officer', 0, $2::bigint, to_check_in, to_contact, gateway, $6::uuid, $7::bytea,
    now() + interval '12 hours', CASE WHEN is_exercise THEN 'failed' ELSE 'queued' END, CASE WHEN is_exercise THEN 'exercise' END
  FROM (SELECT w.*, register.is_exercise_party(r.registration_id, r.client_id) AS is_exercise
        FROM sent AS w JOIN register.registration AS r USING (registration_id)) AS s),
logged AS (INSERT INTO register.audit (staff_id, action, registration_id, origin)
  SELECT $2::bigint, 'case.message', registration_id, $4::text FROM sent)
SELECT version FROM sent
UNION ALL
SELECT coalesce((SELECT t.version FROM register.triage_case AS t WHERE t.registration_id = $1::bigint), 0)
FROM party AS p JOIN register.message AS m ON m.registration_id = p.registration_id
WHERE m.message_id = $5::uuid AND m.staff_id = $2::bigint
