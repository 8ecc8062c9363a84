-- A second factor for staff: a secret that their phone keeps too, and codes for the day that the phone is lost.

CREATE TABLE register.staff_totp (
  staff_id       bigint PRIMARY KEY REFERENCES register.staff,
  epoch_id       uuid NOT NULL,
  sealed_secret  bytea NOT NULL,                    -- sealed as everything is that only the desk may open
  enrolled_at    timestamptz,                       -- null: shown, and not proven yet
  last_step      bigint NOT NULL DEFAULT 0          -- of the last code that was taken: no code counts twice
);
CREATE TABLE register.staff_recovery (
  staff_id  bigint NOT NULL REFERENCES register.staff,
  code_mac  bytea NOT NULL,                         -- keyed hash
  used_at   timestamptz,
  PRIMARY KEY (staff_id, code_mac)
);
-- The roles whose accounts must have it; by default it is asked of who has enrolled.
CREATE TABLE register.totp_required (
  role  text PRIMARY KEY CHECK (role IN ('viewer', 'officer', 'lead', 'warden', 'admin'))
);

-- Signing in is nobody's session yet; a session reaches its own second factor and no other.
ALTER TABLE register.staff_totp ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.staff_recovery ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk_own ON register.staff_totp TO muster_desk USING (desk.staff_id() IS NULL OR staff_id = desk.staff_id());
CREATE POLICY desk_own ON register.staff_recovery TO muster_desk USING (desk.staff_id() IS NULL OR staff_id = desk.staff_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON register.staff_totp, register.staff_recovery TO muster_desk;
GRANT SELECT ON register.totp_required TO muster_desk;
