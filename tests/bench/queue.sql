-- Fills the sample crisis with :cases parties that wait in its queues: each with one person, one phone and one open case, as wide as real
-- ones; nobody in it exists. The rows lie in the order of their cries, which came over two weeks. Most are of the leading post; the post
-- :post has one in a hundred. One in fifty is held by an officer, as many wait for the citizen.
-- The people that are registered already keep their rows and get the places at the head of the queue :heads, or of each when that is `all`, so that what
-- is read there can be opened; their epoch is everybody's. :calm parties more have no case: numbers :cases + 1 and on. Run as superuser: foreign keys are not looked at (the numbers are made here), and tables emptied in
-- the same transaction need no write-ahead log when wal_level is minimal.
\set ON_ERROR_STOP 1
SET session_replication_role = replica;
SET maintenance_work_mem = '1GB';
SET work_mem = '256MB';
SET search_path = register;
BEGIN;
SELECT crisis_id AS crisis, epoch_id AS epoch FROM registration WHERE epoch_id IS NOT NULL LIMIT 1 \gset
CREATE TEMP TABLE real_registration AS SELECT * FROM registration WHERE sealed_location IS DISTINCT FROM decode(repeat('ef', 105), 'hex');
CREATE TEMP TABLE real_member AS SELECT m.* FROM party_member AS m JOIN real_registration USING (registration_id);
CREATE TEMP TABLE real_contact AS SELECT c.* FROM contact AS c JOIN real_registration USING (registration_id);
DELETE FROM case_count_mark; -- the courier counts anew: what is done here it is not told
TRUNCATE case_change;
TRUNCATE registration, party_member, contact, check_in, triage_case, case_note CASCADE; -- and what else is of a party

-- Indexes are made when the rows are there, by sorting.
CREATE TEMP TABLE later AS
  SELECT format('DROP INDEX register.%I', indexname) AS away, indexdef AS again FROM pg_indexes
  WHERE schemaname = 'register' AND tablename IN ('registration', 'party_member', 'contact', 'triage_case') AND indexname !~ '_pkey$';
SELECT away FROM later \gexec

CREATE TEMP TABLE cry AS
  SELECT (n * 22906492245) & 35184372088831 AS id, n, false AS real,
    CASE WHEN n % 100 = 7 THEN :'post' WHEN n % 10 = 3 THEN 'cotonou' ELSE 'niamey' END AS post,
    (ARRAY['emergency', 'assistance', 'assistance', 'overdue', 'assistance', 'identification', 'assistance', 'overdue', 'departure',
      'inquiry', 'assistance', 'assistance'])[1 + (n * 7919 + n / 100) % 12] AS queue,
    CASE n % 50 WHEN 11 THEN 'claimed' WHEN 12 THEN 'waiting' ELSE 'open' END AS state,
    now() - interval '14 days' * (1 - n / :cases::float8) AS received
  FROM generate_series(1, :cases::bigint) AS n;
UPDATE cry SET id = r.registration_id, real = true
  FROM (SELECT registration_id, row_number() OVER () AS place FROM real_registration) AS r
  JOIN (SELECT n, row_number() OVER (ORDER BY of_part > 60, of_part, n) AS place
        FROM (SELECT n, row_number() OVER (PARTITION BY CASE :'heads' WHEN 'all' THEN queue ELSE post END
                ORDER BY queue = 'emergency' AND n % 4 = 3, received + interval '1 minute' * CASE WHEN queue = 'overdue' THEN n % 2 * 60 ELSE 0 END) AS of_part
              FROM cry WHERE :'heads' IN (queue, 'all') AND n <= 40000) AS early) AS head USING (place)
  WHERE head.n = cry.n;

INSERT INTO registration SELECT * FROM real_registration;
INSERT INTO party_member SELECT * FROM real_member;
INSERT INTO contact SELECT * FROM real_contact;
UPDATE registration AS r SET post_id = cry.post FROM cry WHERE cry.real AND cry.id = r.registration_id;
INSERT INTO registration (registration_id, crisis_id, post_id, state, client_id, content_mac, secret_mac, language, party_size, needs, intent,
    cell, consent_family, consent_partners, epoch_id, sealed_location, channel, stored_via, received_at, check_in_by, last_status, last_check_in_at)
  SELECT id, :'crisis', post, 'registered', gen_random_uuid(), sha256(int8send(n)), sha256(int8send(-n)), 'fr', 1, 0, 'staying', 's1z0g', true,
    false, :'epoch', decode(repeat('ef', 105), 'hex'), 'web', 'database', received, heard + interval '24 hours', 'need_help', heard
  -- heard from since, so that nobody becomes overdue, and is asked and raised, while it is measured
  FROM cry CROSS JOIN LATERAL (SELECT greatest(received, now() - interval '1 hour' * (n % 16)) AS heard) AS since WHERE NOT real;
INSERT INTO registration (registration_id, crisis_id, post_id, state, client_id, content_mac, secret_mac, language, party_size, needs, intent,
    cell, consent_family, consent_partners, epoch_id, sealed_location, channel, stored_via, received_at, check_in_by)
  SELECT (n * 22906492245) & 35184372088831, :'crisis', 'niamey', 'registered', gen_random_uuid(), sha256(int8send(n)), sha256(int8send(-n)), 'fr', 1, 0,
    'staying', 's1z0g', true, false, :'epoch', decode(repeat('ef', 105), 'hex'), 'web', 'database', now(), now() + interval '24 hours'
  FROM generate_series(:cases::bigint + 1, :cases::bigint + :calm::bigint) AS n;
INSERT INTO party_member SELECT id, 1, 'citizen', 0, :'epoch', decode(repeat('cd', 169), 'hex'), NULL, '{}' FROM cry WHERE NOT real;
INSERT INTO contact SELECT id, 1, 'phone', true, :'epoch', decode(repeat('ab', 105), 'hex'), sha256(int8send(n)) FROM cry WHERE NOT real;
INSERT INTO triage_case (registration_id, crisis_id, post_id, queue, band, reasons, state, respond_by, received_at, opened_at, claimed_by,
    claimed_at, lease_until, waiting_until, read_at, needs, people, cell, last_status)
  SELECT id, :'crisis', post, queue, band, 1 << (n % 8)::integer, state, received + interval '1 minute' * (ARRAY[0, 10, 60, 120, 240])[band],
    received, received, CASE WHEN state <> 'open' THEN 1000 + n % 50 END, CASE WHEN state <> 'open' THEN received END,
    CASE WHEN state = 'claimed' THEN now() + interval '1 day' END, CASE WHEN state = 'waiting' THEN now() + interval '1 day' END,
    CASE WHEN state <> 'open' THEN received END, (n % 64)::integer, 1, 's1z0g', 'need_help'
  FROM cry CROSS JOIN LATERAL (SELECT (CASE queue WHEN 'emergency' THEN 1 + n % 4 / 3 WHEN 'assistance' THEN 3 WHEN 'overdue' THEN 3 + n % 2
    WHEN 'departure' THEN 4 ELSE 5 END)::smallint AS band) AS asks
  ORDER BY n;

SELECT again FROM later \gexec
COMMIT;
VACUUM (ANALYZE);
CHECKPOINT;
