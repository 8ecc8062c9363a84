-- What the desk may do: see and work the cases of the crises and posts that the signed-in officer has, by row-level security.
-- The desk sets muster.staff (a staff_id) in each transaction; without it nothing is visible.

CREATE FUNCTION desk.staff_id() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('muster.staff', true), '')::bigint
$$;

ALTER TABLE register.registration ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.party_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.check_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.triage_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.case_note ENABLE ROW LEVEL SECURITY;

-- admin runs the system and reads no personal data; a warden sees only their own list, which is empty until lists exist.
CREATE POLICY desk_reads ON register.registration FOR SELECT TO muster_desk USING (EXISTS (
  SELECT 1 FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
  WHERE a.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')
    AND a.crisis_id = registration.crisis_id AND (a.post_id IS NULL OR a.post_id = registration.post_id)));
CREATE POLICY desk_reads ON register.triage_case FOR SELECT TO muster_desk USING (EXISTS (
  SELECT 1 FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
  WHERE a.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('viewer', 'officer', 'lead')
    AND a.crisis_id = triage_case.crisis_id AND (a.post_id IS NULL OR a.post_id = triage_case.post_id)));
CREATE POLICY desk_works ON register.triage_case FOR UPDATE TO muster_desk USING (EXISTS (
  SELECT 1 FROM register.staff_access AS a JOIN register.staff AS s USING (staff_id)
  WHERE a.staff_id = desk.staff_id() AND s.disabled_at IS NULL AND s.role IN ('officer', 'lead')
    AND a.crisis_id = triage_case.crisis_id AND (a.post_id IS NULL OR a.post_id = triage_case.post_id)));

-- What belongs to a party is visible with the party.
CREATE POLICY desk_reads ON register.party_member FOR SELECT TO muster_desk
  USING (EXISTS (SELECT 1 FROM register.registration AS r WHERE r.registration_id = party_member.registration_id));
CREATE POLICY desk_reads ON register.contact FOR SELECT TO muster_desk
  USING (EXISTS (SELECT 1 FROM register.registration AS r WHERE r.registration_id = contact.registration_id));
CREATE POLICY desk_reads ON register.check_in FOR SELECT TO muster_desk
  USING (EXISTS (SELECT 1 FROM register.registration AS r WHERE r.registration_id = check_in.registration_id));
CREATE POLICY desk_reads ON register.case_note FOR SELECT TO muster_desk
  USING (EXISTS (SELECT 1 FROM register.registration AS r WHERE r.registration_id = case_note.registration_id));
CREATE POLICY desk_writes ON register.case_note FOR INSERT TO muster_desk WITH CHECK (staff_id = desk.staff_id()
  AND EXISTS (SELECT 1 FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.role IN ('officer', 'lead'))
  AND EXISTS (SELECT 1 FROM register.triage_case AS c WHERE c.registration_id = case_note.registration_id));

GRANT USAGE ON SCHEMA register, desk TO muster_desk;
GRANT SELECT ON register.crisis, register.post, register.crisis_post, register.place, register.epoch, register.epoch_wrap,
  register.staff_access TO muster_desk;
GRANT SELECT (registration_id, crisis_id, post_id, state, language, party_size, needs, intent, cell, consent_family,
  consent_partners, epoch_id, sealed_location, sealed_emergency_contact, channel, stored_via, received_at, check_in_by,
  last_status, last_check_in_at) ON register.registration TO muster_desk;
GRANT SELECT ON register.party_member, register.contact, register.check_in, register.triage_case, register.case_note TO muster_desk;
GRANT UPDATE (state, claimed_by, claimed_at, lease_until, waiting_until, read_at, answered_at, resolved_at, version)
  ON register.triage_case TO muster_desk;
GRANT INSERT ON register.epoch, register.epoch_wrap, register.case_note, register.audit TO muster_desk;
GRANT SELECT ON register.staff TO muster_desk;
GRANT SELECT, INSERT, UPDATE (used_at), DELETE ON register.staff_session TO muster_desk;
GRANT EXECUTE ON FUNCTION register.need_names, desk.staff_id TO muster_desk;

-- The courier returns lapsed claims, clears what has run out and counts the queues; it sees no more of a case than that needs.
CREATE POLICY courier_returns ON register.triage_case TO muster_courier USING (true);
GRANT SELECT (registration_id, state, claimed_by, lease_until, waiting_until, version, queue, respond_by, answered_at, received_at),
  UPDATE (state, claimed_by, claimed_at, lease_until, waiting_until, version) ON register.triage_case TO muster_courier;
GRANT SELECT (session_mac, expires_at), DELETE ON register.staff_session TO muster_courier;
GRANT SELECT ON register.crisis TO muster_courier;
