-- As 0030_parties.sql has them, asked for by each household's key: PostgreSQL read every party to join them.
CREATE OR REPLACE VIEW desk.my_household_member AS
  SELECT h.registration_id AS case_id, p.place, m.registration_id, m.ordinal, m.needs, m.epoch_id, m.sealed_person
  FROM desk.my_household AS h
  CROSS JOIN LATERAL (SELECT o.* FROM register.party_of AS o WHERE o.case_id = h.registration_id OFFSET 0) AS p
  JOIN register.party_member AS m ON m.registration_id = p.registration_id;
CREATE OR REPLACE VIEW desk.my_household_phone AS
  SELECT h.registration_id AS case_id, p.place, c.registration_id, c.ordinal, c.epoch_id, c.sealed_value
  FROM desk.my_household AS h
  CROSS JOIN LATERAL (SELECT o.* FROM register.party_of AS o WHERE o.case_id = h.registration_id AND o.registered OFFSET 0) AS p
  JOIN register.contact AS c ON c.registration_id = p.registration_id AND c.kind IN ('phone', 'whatsapp');
