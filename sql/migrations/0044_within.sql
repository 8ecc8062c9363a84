-- What a session is narrowed to (0037_access.sql) holds for what came with it, too: zones and what is in them, counts, the ends of shifts, wardens' lists.

CREATE POLICY within_look ON register.zone AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.zone_cell AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.zone_count AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.party_count AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.queue_count AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.triage_policy_change AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_look ON register.hand_over AS RESTRICTIVE FOR SELECT TO muster_desk USING ((SELECT desk.looks()));
CREATE POLICY within_work ON register.hand_over_read AS RESTRICTIVE FOR INSERT TO muster_desk WITH CHECK ((SELECT desk.within('work')));
