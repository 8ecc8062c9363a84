-- Fills the sample crisis with :parties parties, each with one person and one phone, as wide as real ones. The numbers follow
-- tests/bench/register.h; nobody in it exists. Run as the register's owner.
\set ON_ERROR_STOP 1
SELECT crisis_id, post_id FROM register.crisis_post WHERE part = 'lead' LIMIT 1 \gset
INSERT INTO register.epoch VALUES ('00000000-0000-4000-8000-000000000000', :'crisis_id', now()) ON CONFLICT DO NOTHING;
INSERT INTO register.registration (registration_id, crisis_id, post_id, state, client_id, content_mac, secret_mac, language, party_size,
    needs, intent, cell, consent_family, consent_partners, epoch_id, sealed_location, channel, stored_via, received_at, check_in_by)
  SELECT (n * 22906492245) & 35184372088831, :'crisis_id', :'post_id', 'registered', gen_random_uuid(), sha256(int8send(n)),
    sha256(int8send(-n)), 'fr', 1, 0, 'staying', 's1z0g', true, false, '00000000-0000-4000-8000-000000000000',
    decode(repeat('ef', 105), 'hex'), 'web', 'database', now(), now() + interval '24 hours'
  FROM generate_series(1, :parties::bigint) AS n;
INSERT INTO register.party_member
  SELECT (n * 22906492245) & 35184372088831, 1, 'national', 0, '00000000-0000-4000-8000-000000000000', decode(repeat('cd', 169), 'hex'), NULL, '{}'
  FROM generate_series(1, :parties::bigint) AS n;
INSERT INTO register.contact
  SELECT (n * 22906492245) & 35184372088831, 1, 'phone', true, '00000000-0000-4000-8000-000000000000', decode(repeat('ab', 105), 'hex'),
    sha256(int8send(n))
  FROM generate_series(1, :parties::bigint) AS n;
