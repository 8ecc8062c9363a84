-- The gazetteer of a crisis knows quarters, landmarks and border crossings beside towns, each under the names that people type. What is in a town is
-- told from its namesake in another by it.
ALTER TABLE register.place
  ADD COLUMN within      text NOT NULL DEFAULT '',       -- the town that it is in; '': none
  ADD COLUMN other_names text[] NOT NULL DEFAULT '{}',
  ADD COLUMN common_word boolean NOT NULL DEFAULT false, -- a name that is also an ordinary word: asked after, not taken
  DROP CONSTRAINT place_kind_check,
  ADD CONSTRAINT place_kind_check CHECK (kind IN ('region', 'town', 'quarter', 'landmark', 'crossing', 'assembly_point')),
  DROP CONSTRAINT place_pkey,
  ADD PRIMARY KEY (crisis_id, kind, name, within);

-- Which places these are: the front door reads them again only when it has others. One transaction is one edition, however many rows it changes.
CREATE TABLE register.place_edition (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  edition bigint NOT NULL
);
INSERT INTO register.place_edition (edition) VALUES (0);
GRANT SELECT ON register.place_edition TO muster_edge;

CREATE FUNCTION register.place_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE register.place_edition AS e SET edition = pg_current_xact_id()::text::bigint WHERE e.edition <> pg_current_xact_id()::text::bigint;
  RETURN NULL;
END $$;
CREATE TRIGGER place_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON register.place
  FOR EACH STATEMENT EXECUTE FUNCTION register.place_changed();
REVOKE EXECUTE ON FUNCTION register.place_changed() FROM PUBLIC;
