-- Sessions and tokens are listed and ended by an id that is not their secret, and a token may be narrower than its owner's role.
ALTER TABLE register.staff_session
  ADD COLUMN session_id uuid NOT NULL DEFAULT gen_random_uuid(),
  ADD COLUMN name text,                             -- a token's, so that its owner knows it again
  ADD COLUMN scopes text[],                         -- null: all that the role may
  ADD COLUMN origin text;                           -- the address it was opened from
CREATE UNIQUE INDEX staff_session_id ON register.staff_session (session_id);
CREATE INDEX staff_session_of ON register.staff_session (staff_id, created_at);

CREATE FUNCTION desk.is_admin() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.role = 'admin' AND s.disabled_at IS NULL)
$$;
REVOKE ALL ON FUNCTION desk.is_admin FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desk.is_admin TO muster_desk;

-- Finding out whose a session is happens before anybody is signed in; after that a session reaches those of its owner, and an admin all.
ALTER TABLE register.staff_session ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_own ON register.staff_session TO muster_desk
  USING (desk.staff_id() IS NULL OR staff_id = desk.staff_id() OR desk.is_admin())
  WITH CHECK (desk.staff_id() IS NULL OR staff_id = desk.staff_id());
CREATE POLICY courier_purges ON register.staff_session TO muster_courier USING (true);
