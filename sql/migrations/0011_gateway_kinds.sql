-- Gateways of every kind that lib/gateway/kind.c knows; which those are is said there alone.
ALTER TABLE register.gateway DROP CONSTRAINT gateway_kind_check;
ALTER TABLE register.gateway ADD CONSTRAINT gateway_kind_check CHECK (kind ~ '^[a-z][a-z0-9-]{0,30}$');
ALTER TABLE register.gateway
  ADD COLUMN signing_key bytea,                    -- what verifies its signatures, locked (lib/seal/locked.h); null: it shows its secret
  ADD COLUMN field_names text NOT NULL DEFAULT ''; -- names of its fields where they are not its kind's: "text=body&from=sender"
