-- Written by hand: Drizzle knows neither functions nor partitions. What is done to the months afterwards is in
-- server/src/platform/events/months.ts.

-- Where a transaction stands among all there ever were. A database that was restored elsewhere counts its transactions
-- from the beginning again: `migrate` then replaces this function by one that adds what had been counted.
CREATE FUNCTION "platform_position"(transaction xid8) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT transaction::text::bigint + 0 $$;
--> statement-breakpoint
-- Facts and their details become partitioned by id. What is there stays where it is, as the first partition, which ends
-- with this month; nothing is copied but rows whose ids are no times at all.
DO $$
DECLARE
  next_month timestamp := date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month';
  bound uuid := rpad(lpad(to_hex((extract(epoch FROM next_month) * 1000)::bigint), 12, '0'), 32, '0')::uuid;
  parent record;
  index record;
  indexes text[];
BEGIN
  FOR parent IN SELECT * FROM (VALUES ('platform_events', 'id'), ('platform_event_details', 'event_id')) AS t (name, key)
  LOOP
    indexes := '{}';
    FOR index IN SELECT i.relname AS name, x.indisprimary AS is_primary, pg_get_indexdef(i.oid) AS definition
      FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = parent.name::regclass
    LOOP
      IF NOT index.is_primary THEN indexes := indexes || index.definition; END IF;
      EXECUTE format('ALTER INDEX %I RENAME TO %I', index.name, index.name || '_first');
    END LOOP;
    EXECUTE format('ALTER TABLE %I RENAME TO %I', parent.name, parent.name || '_first');
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (%I)',
      parent.name, parent.name || '_first', parent.key);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (%I)', parent.name, parent.key);
    FOR i IN 1 .. cardinality(indexes) LOOP EXECUTE indexes[i]; END LOOP;
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', parent.name || '_rest', parent.name);
    EXECUTE format('WITH odd AS (DELETE FROM %I WHERE %I >= %L RETURNING *) INSERT INTO %I SELECT * FROM odd',
      parent.name || '_first', parent.key, bound, parent.name || '_rest');
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)',
      parent.name, parent.name || '_first', bound);
  END LOOP;
END $$;
