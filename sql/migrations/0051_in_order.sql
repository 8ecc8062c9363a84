-- The desk's sessions read through an index in its order and stop at the end of the page (lib/desk/desk.c): without bitmaps, which a filter that may be
-- null made PostgreSQL think the cheaper way, for it expects such a filter to leave one case of a queue. The index of names can be read by bitmap alone.
ALTER FUNCTION desk.find_names(bigint[], integer[], integer, integer) SET enable_bitmapscan = on;
ALTER FUNCTION desk.find_alike(bigint, bytea[], bigint[], integer) SET enable_bitmapscan = on;
