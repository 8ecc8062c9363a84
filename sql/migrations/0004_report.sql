-- Stable views for any BI tool, with nothing personal in them. Columns are only ever added.

CREATE FUNCTION report.reason_names(reasons integer) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(name ORDER BY bit), '{}') FROM unnest(ARRAY[
    'injured_life_threat', 'in_danger_life_threat', 'trapped', 'under_fire', 'child_alone_in_danger', 'injured', 'in_danger',
    'medical', 'medication', 'pregnant', 'unaccompanied_minor', 'detained', 'violence', 'help_asked', 'moving',
    'overdue_in_danger_zone', 'wants_evacuation', 'overdue', 'travel_documents', 'change_of_plan', 'message_to_read',
    'unclear_message', 'unknown_sender', 'inquiry'])
    WITH ORDINALITY AS named (name, bit) WHERE reasons & (1 << (bit - 1)::integer) <> 0
$$;

CREATE VIEW report.party AS
  SELECT registration_id, crisis_id AS crisis, post_id AS post, state, party_size AS size, intent,
    register.need_names(needs) AS needs, cell, last_status, last_check_in_at, check_in_by AS next_check_in, received_at, channel,
    stored_via
  FROM register.registration;

CREATE VIEW report.check_in AS
  SELECT registration_id, client_id, status, band, report.reason_names(reasons) AS reasons, register.need_names(needs) AS needs,
    people, channel, cell, at, received_at, stored_via
  FROM register.check_in;

CREATE VIEW report.triage_case AS
  SELECT registration_id, crisis_id AS crisis, post_id AS post, queue, band, report.reason_names(reasons) AS reasons, state,
    received_at, opened_at, respond_by, claimed_at, read_at, answered_at, resolved_at
  FROM register.triage_case;

CREATE VIEW report.message AS
  SELECT registration_id, client_id, 'inbound'::text AS direction, channel, 'handled'::text AS state, received_at
  FROM register.check_in WHERE channel = 'sms';

GRANT USAGE ON SCHEMA report TO muster_report;
GRANT SELECT ON ALL TABLES IN SCHEMA report TO muster_report;
GRANT EXECUTE ON FUNCTION report.reason_names TO muster_report;
