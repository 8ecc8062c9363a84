-- The register: reference tables, the parties and what they say, their cases, staff, and the audit.
-- Every table of the register leads with registration_id, so it can be distributed by that column; what identifies a person is in
-- sealed_* columns that only the desk and escrow keys open.

CREATE SCHEMA register;
CREATE SCHEMA edge;
CREATE SCHEMA desk;
CREATE SCHEMA report;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- Reference ------------------------------------------------------------------------------------------------------------

CREATE TABLE register.crisis (
  crisis_id           text PRIMARY KEY CHECK (crisis_id ~ '^[a-z0-9][a-z0-9-]{1,30}$'),
  country             char(2) NOT NULL,
  name                jsonb NOT NULL,               -- by language: {"en": "Niger", "fr": "Niger"}
  posture             text NOT NULL CHECK (posture IN ('normal', 'authorized_departure', 'ordered_departure',
                        'contingency_operations', 'restricted_operations', 'suspended_operations')),
  advisory_level      smallint NOT NULL CHECK (advisory_level BETWEEN 1 AND 4),
  routine_services    text NOT NULL CHECK (routine_services IN ('open', 'limited', 'suspended')),
  emergency_services  text NOT NULL CHECK (emergency_services IN ('open', 'remote')),
  services_elsewhere  jsonb NOT NULL DEFAULT '{}',  -- outside the capital: {"routine": ..., "emergency": ...} where it differs
  evacuation          text NOT NULL CHECK (evacuation IN ('none', 'commercial_options', 'assisted_departure', 'evacuation')),
  message             jsonb NOT NULL,               -- by language
  languages           text[] NOT NULL,
  check_in_every      interval NOT NULL DEFAULT '24 hours',
  opened_at           timestamptz NOT NULL DEFAULT now(),
  closed_at           timestamptz,
  updated_at          timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX crisis_open ON register.crisis (opened_at) WHERE closed_at IS NULL;

CREATE TABLE register.post (
  post_id    text PRIMARY KEY,
  country    char(2) NOT NULL,
  name       text NOT NULL,
  lat        double precision NOT NULL,
  lon        double precision NOT NULL
);

CREATE TABLE register.crisis_post (
  crisis_id  text NOT NULL REFERENCES register.crisis,
  post_id    text NOT NULL REFERENCES register.post,
  part       text NOT NULL CHECK (part IN ('lead', 'helper')),
  PRIMARY KEY (crisis_id, post_id)
);
CREATE UNIQUE INDEX crisis_lead_post ON register.crisis_post (crisis_id) WHERE part = 'lead';

CREATE TABLE register.place (
  crisis_id  text NOT NULL REFERENCES register.crisis,
  kind       text NOT NULL CHECK (kind IN ('region', 'town', 'crossing', 'assembly_point')),
  name       text NOT NULL,
  admin1     text,                                  -- ISO 3166-2
  lat        double precision NOT NULL,
  lon        double precision NOT NULL,
  PRIMARY KEY (crisis_id, kind, name)
);

CREATE TABLE register.gateway (
  name         text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,30}$'),
  kind         text NOT NULL CHECK (kind IN ('kannel', 'generic')),
  crisis_id    text NOT NULL REFERENCES register.crisis,
  secret_check bytea NOT NULL,                      -- keyed hash of the gateway's secret
  created_at   timestamptz NOT NULL DEFAULT now()
);

-- Sealing ----------------------------------------------------------------------------------------------------------------

CREATE TABLE register.epoch (
  epoch_id   uuid PRIMARY KEY,
  crisis_id  text,                                  -- null: made before it was known whose; see docs/sealing.md
  opened_at  timestamptz NOT NULL
);

CREATE TABLE register.epoch_wrap (
  epoch_id      uuid NOT NULL REFERENCES register.epoch ON DELETE CASCADE,
  recipient_id  text NOT NULL,
  wrapped       bytea NOT NULL,
  PRIMARY KEY (epoch_id, recipient_id)
);

-- The register -----------------------------------------------------------------------------------------------------------

CREATE TABLE register.registration (
  registration_id   bigint PRIMARY KEY CHECK (registration_id BETWEEN 0 AND 35184372088831),
  crisis_id         text NOT NULL REFERENCES register.crisis,
  post_id           text NOT NULL REFERENCES register.post,
  state             text NOT NULL CHECK (state IN ('registered', 'unidentified', 'sought')), -- sought: a relative asked after them
  client_id         uuid,                           -- null while unidentified
  content_mac       bytea,
  secret_mac        bytea,
  language          text,
  party_size        smallint NOT NULL DEFAULT 0,
  needs             integer NOT NULL DEFAULT 0,     -- bits of register.need_names
  intent            text,
  cell              text,
  consent_family    boolean,
  consent_partners  boolean,
  epoch_id          uuid,
  sealed_location   bytea,
  sealed_emergency_contact bytea,
  channel           text NOT NULL,
  stored_via        text NOT NULL CHECK (stored_via IN ('database', 'journal')),
  received_at       timestamptz NOT NULL,
  check_in_by       timestamptz,
  last_status       text,
  last_check_in_at  timestamptz,
  CHECK (state = 'unidentified' OR (client_id IS NOT NULL AND content_mac IS NOT NULL AND secret_mac IS NOT NULL))
);

CREATE TABLE register.party_member (
  registration_id  bigint NOT NULL REFERENCES register.registration,
  ordinal          smallint NOT NULL,
  category         text NOT NULL,
  needs            integer NOT NULL,
  epoch_id         uuid NOT NULL,
  sealed_person    bytea NOT NULL,
  document_index   bytea,
  PRIMARY KEY (registration_id, ordinal)
);
CREATE INDEX party_member_document ON register.party_member (document_index) WHERE document_index IS NOT NULL;

CREATE TABLE register.contact (
  registration_id  bigint NOT NULL REFERENCES register.registration,
  ordinal          smallint NOT NULL,
  kind             text NOT NULL,
  is_primary       boolean NOT NULL,
  epoch_id         uuid NOT NULL,
  sealed_value     bytea NOT NULL,
  value_index      bytea,
  PRIMARY KEY (registration_id, ordinal)
);
CREATE INDEX contact_value ON register.contact (value_index) WHERE value_index IS NOT NULL;

CREATE TABLE register.check_in (
  registration_id  bigint NOT NULL REFERENCES register.registration,
  client_id        uuid NOT NULL,
  content_mac      bytea NOT NULL,
  status           text,                            -- null: a text message that says none
  needs            integer NOT NULL,
  people           smallint,
  band             smallint,
  reasons          integer NOT NULL,
  channel          text NOT NULL,
  cell             text,
  epoch_id         uuid NOT NULL,
  sealed_message   bytea,
  sealed_location  bytea,
  sealed_sender    bytea,                           -- the phone it was said to come from
  at               timestamptz,                     -- the sender's clock
  received_at      timestamptz NOT NULL,
  stored_via       text NOT NULL CHECK (stored_via IN ('database', 'journal')),
  PRIMARY KEY (registration_id, client_id)
);
-- Not unique: a unique constraint must hold the distribution column. edge.store_check_ins looks here first.
CREATE INDEX check_in_client ON register.check_in (client_id);

CREATE TABLE register.triage_case (
  registration_id  bigint PRIMARY KEY REFERENCES register.registration,
  crisis_id        text NOT NULL,
  post_id          text NOT NULL,
  queue            text NOT NULL CHECK (queue IN ('emergency', 'assistance', 'overdue', 'identification', 'departure', 'inquiry')),
  band             smallint NOT NULL CHECK (band BETWEEN 1 AND 5),
  reasons          integer NOT NULL,
  state            text NOT NULL CHECK (state IN ('open', 'claimed', 'waiting', 'resolved')),
  respond_by       timestamptz NOT NULL,
  received_at      timestamptz NOT NULL,            -- of the oldest unanswered cry
  opened_at        timestamptz NOT NULL,
  claimed_by       bigint,
  claimed_at       timestamptz,
  lease_until      timestamptz,
  waiting_until    timestamptz,
  read_at          timestamptz,                     -- an officer opened the case
  answered_at      timestamptz,                     -- first human answer: claimed and acted on
  resolved_at      timestamptz,
  needs            integer NOT NULL,
  people           smallint,
  cell             text,
  last_status      text,
  version          integer NOT NULL DEFAULT 1,
  CHECK ((state = 'claimed') <= (claimed_by IS NOT NULL))
);
-- The order of every queue: band 1 first, always; then by answer-by, so waiting is its own priority.
CREATE INDEX triage_case_order ON register.triage_case (crisis_id, queue, (band > 1), respond_by, registration_id)
  WHERE state <> 'resolved';
CREATE INDEX triage_case_unclaimed ON register.triage_case (crisis_id, queue, (band > 1), respond_by, registration_id)
  WHERE state = 'open';
CREATE INDEX triage_case_lease ON register.triage_case (lease_until) WHERE state = 'claimed';

CREATE TABLE register.case_note (
  registration_id  bigint NOT NULL REFERENCES register.registration,
  note_id          uuid NOT NULL,
  staff_id         bigint NOT NULL,
  at               timestamptz NOT NULL DEFAULT now(),
  epoch_id         uuid NOT NULL,
  sealed_text      bytea NOT NULL,
  PRIMARY KEY (registration_id, note_id)
);

-- Staff ------------------------------------------------------------------------------------------------------------------

CREATE TABLE register.staff (
  staff_id       bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  name           text NOT NULL UNIQUE CHECK (name ~ '^[a-z][a-z0-9._-]{1,62}$'),
  role           text NOT NULL CHECK (role IN ('viewer', 'officer', 'lead', 'warden', 'admin')),
  password_hash  text,                              -- Argon2id, libsodium's string form
  disabled_at    timestamptz,
  created_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE register.staff_access (
  staff_id   bigint NOT NULL REFERENCES register.staff,
  crisis_id  text NOT NULL REFERENCES register.crisis,
  post_id    text REFERENCES register.post,         -- null: every post of the crisis
  UNIQUE NULLS NOT DISTINCT (staff_id, crisis_id, post_id)
);

CREATE TABLE register.staff_session (
  session_mac  bytea PRIMARY KEY,                   -- keyed hash of what the browser or program holds
  staff_id     bigint NOT NULL REFERENCES register.staff,
  kind         text NOT NULL CHECK (kind IN ('browser', 'token')),
  created_at   timestamptz NOT NULL DEFAULT now(),
  used_at      timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL
);

CREATE TABLE register.audit (
  audit_id         bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  at               timestamptz NOT NULL DEFAULT clock_timestamp(),
  staff_id         bigint,
  action           text NOT NULL,
  registration_id  bigint,
  origin           text,                            -- the address asked from
  detail           jsonb NOT NULL DEFAULT '{}'      -- codes and counts, nothing personal
);
CREATE INDEX audit_registration ON register.audit (registration_id, audit_id);

-- Words ------------------------------------------------------------------------------------------------------------------

CREATE FUNCTION register.need_names(needs integer) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(name ORDER BY bit), '{}') FROM unnest(ARRAY[
    'medical_emergency', 'medication', 'mobility', 'pregnant', 'infant', 'unaccompanied_minor', 'older_person', 'mental_health',
    'hearing', 'vision', 'detained', 'violence', 'shelter', 'food_water', 'money', 'documents', 'transport', 'pets'])
    WITH ORDINALITY AS named (name, bit) WHERE needs & (1 << (bit - 1)::integer) <> 0
$$;
