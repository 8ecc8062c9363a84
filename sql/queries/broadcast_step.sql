-- Takes a broadcast from one state to another, once: no row when it has moved meanwhile.
-- role: muster_desk
-- params: $1 broadcast_id, $2 staff_id, $3 the state it was in, $4 the state it comes to, $5 origin, $6 what was done
WITH moved AS (
  UPDATE register.broadcast AS b SET state = $4::text,
    proposed_at = CASE WHEN $4::text = 'proposed' THEN now() ELSE b.proposed_at END,
    approved_by = CASE WHEN $3::text = 'proposed' AND $4::text = 'running' THEN $2::bigint ELSE b.approved_by END,
    started_at = CASE WHEN $4::text = 'running' THEN now() ELSE b.started_at END,
    expires_at = CASE WHEN $4::text = 'running' THEN now() + b.hours * interval '1 hour' ELSE b.expires_at END,
    ended_at = CASE WHEN $4::text = 'stopped' THEN now() END,
    ended_by = CASE WHEN $4::text = 'stopped' THEN $2::bigint END
  WHERE b.broadcast_id = $1::uuid AND b.state = $3::text
    -- counted anew meanwhile, or the limit was lowered: it takes a second officer now
    AND ($3::text <> 'draft' OR $4::text <> 'running' OR b.recipients <= least(b.approval_above,
      (SELECT c.broadcast_approval_above FROM register.crisis AS c WHERE c.crisis_id = b.crisis_id)))
  RETURNING b.broadcast_id, b.recipients),
logged AS (INSERT INTO register.audit (staff_id, action, origin, detail)
  SELECT $2::bigint, 'broadcast.' || $6::text, $5::text, jsonb_build_object('broadcast', broadcast_id, 'recipients', recipients) FROM moved)
SELECT true, CASE WHEN $4::text = 'stopped' THEN desk.stop_broadcast_texts($1::uuid) END FROM moved
