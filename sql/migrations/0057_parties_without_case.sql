-- A party that has no case is texted, and merged, as one that has: who registered and asked for nothing may be known twice, too. See
-- docs/decisions/0024-wardens.md and 0016-merging.md.

-- As 0029_merged.sql has it, of a party that has no case, too: who sees the one sees the other.
ALTER POLICY desk_writes ON register.message WITH CHECK (origin = 'officer' AND staff_id = desk.staff_id()
  AND (state = 'queued' OR (state = 'failed' AND reason = 'exercise'))
  AND EXISTS (SELECT 1 FROM register.staff AS s WHERE s.staff_id = desk.staff_id() AND s.role IN ('officer', 'lead'))
  AND EXISTS (SELECT 1 FROM register.registration AS r WHERE r.registration_id = message.registration_id));

-- desk.merge_cases, as it is now: of two registered parties the one that has a case is kept, whichever is asked for; where neither has one, no case is made.
-- desk.unmerge_case takes these apart again. Nothing else of them changes.
DO $$
DECLARE
  change  text[];
  changes CONSTANT text[] := ARRAY[
    ['merge_cases', E'OR id = other OR kc.registration_id IS NULL\n', E'OR id = other\n'],
    ['merge_cases', 'kc.version <> coalesce(seen, kc.version)', 'seen <> coalesce(kc.version, 0)'],
    ['merge_cases', E'IF k.state <> ''registered'' AND o.state = ''registered'' THEN',
      E'IF o.state = ''registered'' AND (k.state <> ''registered'' OR (kc.registration_id IS NULL AND oc.registration_id IS NOT NULL)) THEN'],
    ['merge_cases', E'IF kc.registration_id IS NULL THEN\n', E'IF kc.registration_id IS NULL AND oc.registration_id IS NOT NULL THEN\n'],
    ['unmerge_case', 'WHEN kc.registration_id IS NULL OR NOT', 'WHEN k.registration_id IS NULL OR NOT'],
    ['unmerge_case', 'kc.version <> coalesce(seen, kc.version)', 'seen <> coalesce(kc.version, 0)']];
  body    text;
BEGIN
  FOREACH change SLICE 1 IN ARRAY changes LOOP
    body := (SELECT pg_get_functiondef(p.oid) FROM pg_proc AS p WHERE p.pronamespace = 'desk'::regnamespace AND p.proname = change[1]);
    IF length(body) - length(replace(body, change[2], '')) <> length(change[2]) THEN
      RAISE EXCEPTION 'desk.% is not as 0030_parties.sql has it: %', change[1], change[2];
    END IF;
    EXECUTE replace(body, change[2], change[3]);
  END LOOP;
END $$;
