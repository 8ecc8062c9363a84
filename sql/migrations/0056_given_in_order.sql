-- Households are put on a warden's list in the order of their numbers: a list entry refers to its party, and who merges parties has them in that order. Put
-- as they were named, giving and merging waited for each other until PostgreSQL ended one of the two, a second later.
DO $$
DECLARE
  changed record;
  here CONSTANT text := 'FROM unnest(ids) AS i (id) ON CONFLICT DO NOTHING';
BEGIN
  FOR changed IN SELECT p.proname, pg_get_functiondef(p.oid) AS body FROM pg_proc AS p
      WHERE p.pronamespace = 'desk'::regnamespace AND p.proname IN ('add_to_warden_list', 'set_warden_list') LOOP
    IF position(here IN changed.body) = 0 THEN RAISE EXCEPTION 'desk.% is not as 0030_parties.sql and 0045_wardens.sql have it', changed.proname; END IF;
    EXECUTE replace(changed.body, here, 'FROM unnest(ids) AS i (id) ORDER BY i.id ON CONFLICT DO NOTHING');
  END LOOP;
END $$;
