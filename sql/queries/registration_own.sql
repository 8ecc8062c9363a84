-- A citizen's own record, by number and the keyed hash of its secret.
-- role: muster_edge
SELECT crisis_id, language, party_size, needs, intent, received_at, check_in_by, last_status, last_check_in_at, case_state,
  case_received_at, read_at, answered_at, resolved_at, cell
FROM edge.own_record($1::bigint, $2::bytea)
