-- The sample crisis: Niger, August 2023. Safe to run again: what an operator changed since is kept.
-- Places: GeoNames (CC BY 4.0) and ISO 3166-2; crossings and assembly points are for exercise.

INSERT INTO register.crisis (crisis_id, country, name, posture, advisory_level, routine_services, emergency_services,
    services_elsewhere, evacuation, message, languages, opened_at)
VALUES ('ner-2023', 'NE', '{"en": "Niger", "fr": "Niger", "ha": "Nijar", "dje": "Nizer", "ar": "النيجر"}', 'ordered_departure', 4, 'suspended', 'open',
  '{"routine": "suspended", "emergency": "remote"}', 'commercial_options',
  jsonb_build_object(
    'en', 'Non-emergency embassy staff and their families have been told to leave Niger. The embassy in Niamey stays open for emergency '
       || 'help to citizens. Routine services such as passport renewal are suspended. There is no general evacuation. If you can leave '
       || 'safely by commercial means, do so. Tell us where you are and how you are, whether you stay or go.',
    'fr', 'Le personnel non essentiel de l''ambassade et les familles ont reçu l''ordre de quitter le Niger. L''ambassade à Niamey reste '
       || 'ouverte pour l''aide d''urgence aux citoyens. Les services courants, comme le renouvellement de passeport, sont suspendus. '
       || 'Il n''y a pas d''évacuation générale. Si vous pouvez partir sans danger par des moyens commerciaux, faites-le. Dites-nous '
       || 'où vous êtes et comment vous allez, que vous restiez ou que vous partiez.',
    'ha', 'An umarci ma''aikatan ofishin jakadanci da ba na gaggawa ba da iyalansu su bar Nijar. Ofishin jakadanci na Niamey yana buɗe don '
       || 'taimakon gaggawa ga ''yan ƙasa. An dakatar da ayyukan yau da kullum, kamar sabunta fasfo. Babu kwashe mutane gaba ɗaya. Idan kuna iya '
       || 'fita lafiya ta hanyar sufuri na haya, ku yi haka. Ku gaya mana inda kuke da yadda kuke, ko kun zauna ko kun tafi.',
    'dje', 'I na ambasad goyteraykoyey kan si goy cahã waney ra nda ngey almayaaley lordi i ma fun Nizer. Ambasad kan go Niamey go feeri '
       || 'gaakasinay cahã se. Han kulu goyey, sanda paaspoor tajandiyan, kay. I si boro kulu kaa taray. Da ni ga hin ga fun baani '
       || 'mobil wala beene hi ra kan i ga bana, a te. Ci ir se nongo kan ni go da mate ni go, ba ni goro wala ni koy.',
    'ar', 'أُمر موظفو السفارة غير الأساسيين وعائلاتهم بمغادرة النيجر. تبقى السفارة في نيامي مفتوحة للمساعدة الطارئة للمواطنين. الخدمات '
       || 'المعتادة، مثل تجديد جوازات السفر، موقوفة. لا يوجد إجلاء عام. إن استطعت المغادرة بأمان بوسائل تجارية فافعل. أخبرنا أين أنت '
       || 'وكيف حالك، سواء بقيت أو غادرت.'),
  ARRAY['en', 'fr', 'ha', 'dje'], '2023-08-02 17:00:00+00')
ON CONFLICT DO NOTHING;

INSERT INTO register.post (post_id, country, name, lat, lon) VALUES
  ('niamey', 'NE', 'Niamey', 13.5230, 2.0900),
  ('cotonou', 'BJ', 'Cotonou', 6.3560, 2.4110),
  ('ouagadougou', 'BF', 'Ouagadougou', 12.3370, -1.4790),
  ('ndjamena', 'TD', 'N''Djamena', 12.1250, 15.0340),
  ('bamako', 'ML', 'Bamako', 12.6330, -8.0280),
  ('abuja', 'NG', 'Abuja', 9.0430, 7.4760),
  ('algiers', 'DZ', 'Algiers', 36.7560, 3.0390)
ON CONFLICT DO NOTHING;

INSERT INTO register.crisis_post (crisis_id, post_id, part)
SELECT 'ner-2023', post_id, CASE post_id WHEN 'niamey' THEN 'lead' ELSE 'helper' END
FROM unnest(ARRAY['niamey', 'cotonou', 'ouagadougou', 'ndjamena', 'bamako', 'abuja', 'algiers']) AS p (post_id)
ON CONFLICT DO NOTHING;

INSERT INTO register.place (crisis_id, kind, name, admin1, lat, lon)
SELECT 'ner-2023', kind, name, admin1, lat, lon FROM (VALUES
  ('region', 'Agadez', 'NE-1', 19.0000, 9.0000),
  ('region', 'Diffa', 'NE-2', 15.8000, 12.8000),
  ('region', 'Dosso', 'NE-3', 13.2000, 3.5000),
  ('region', 'Maradi', 'NE-4', 14.0000, 7.3000),
  ('region', 'Tahoua', 'NE-5', 15.5000, 5.3000),
  ('region', 'Tillabéri', 'NE-6', 14.2000, 1.7000),
  ('region', 'Zinder', 'NE-7', 14.6000, 9.2000),
  ('region', 'Niamey', 'NE-8', 13.5137, 2.1098),
  ('town', 'Niamey', 'NE-8', 13.5137, 2.1098),
  ('town', 'Zinder', 'NE-7', 13.8072, 8.9881),
  ('town', 'Maradi', 'NE-4', 13.5000, 7.1017),
  ('town', 'Agadez', 'NE-1', 16.9733, 7.9911),
  ('town', 'Arlit', 'NE-1', 18.7369, 7.3853),
  ('town', 'Tahoua', 'NE-5', 14.8888, 5.2692),
  ('town', 'Birni N''Konni', 'NE-5', 13.7900, 5.2599),
  ('town', 'Dosso', 'NE-3', 13.0490, 3.1937),
  ('town', 'Gaya', 'NE-3', 11.8844, 3.4492),
  ('town', 'Dogondoutchi', 'NE-3', 13.6393, 4.0287),
  ('town', 'Tillabéri', 'NE-6', 14.2116, 1.4531),
  ('town', 'Téra', 'NE-6', 14.0078, 0.7531),
  ('town', 'Torodi', 'NE-6', 13.1167, 1.8000),
  ('town', 'Diffa', 'NE-2', 13.3154, 12.6113),
  ('town', 'Nguigmi', 'NE-2', 14.2495, 13.1094),
  ('town', 'Tessaoua', 'NE-4', 13.7574, 7.9874),
  ('town', 'Mirriah', 'NE-7', 13.7074, 9.1501),
  ('crossing', 'Gaya - Malanville (Benin)', 'NE-3', 11.8700, 3.4000),
  ('crossing', 'Konni - Illela (Nigeria)', 'NE-5', 13.7500, 5.2900),
  ('crossing', 'Dan Issa - Jibiya (Nigeria)', 'NE-4', 13.1500, 7.2200),
  ('crossing', 'Assamaka - In Guezzam (Algeria)', 'NE-1', 19.3500, 5.7700),
  ('crossing', 'Torodi - Kantchari (Burkina Faso)', 'NE-6', 12.6500, 1.5500),
  ('crossing', 'Labbezanga (Mali)', 'NE-6', 14.9600, 0.7000),
  ('crossing', 'Nguigmi - Daboua (Chad)', 'NE-2', 14.3000, 13.5000),
  ('assembly_point', 'Diori Hamani airport, Niamey', 'NE-8', 13.4815, 2.1836),
  ('assembly_point', 'Embassy compound, Niamey', 'NE-8', 13.5230, 2.0900)) AS p (kind, name, admin1, lat, lon)
ON CONFLICT DO NOTHING;
