-- Written by hand. The application's role may not delete details of facts any more (server/src/platform/db/migrate.ts grants
-- it this function instead): what is to go, a recorded fact has to say before, and verification asks for that fact.

CREATE FUNCTION "platform_forget_details"("person" text, "older" timestamptz, "most" integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  gone integer;
BEGIN
  IF (person IS NULL) = (older IS NULL) THEN
    RAISE EXCEPTION 'details are forgotten of a person or for their age' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  -- No setting asks for less than a day.
  IF older > now() - interval '1 day' THEN
    RAISE EXCEPTION 'details are kept for a day' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (
    SELECT FROM platform_events
    WHERE name = 'platform.details_forgotten' AND outcome = 'succeeded' AND CASE WHEN person IS NULL
      THEN data ->> 'reason' = 'age'
        AND (data ->> 'before') COLLATE "C" >= to_char(older AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      ELSE data ->> 'reason' = 'erased' AND subject_id = person END
  ) THEN
    RAISE EXCEPTION 'nothing that was recorded says that these details are to be forgotten' USING ERRCODE = 'restrict_violation';
  END IF;
  IF person IS NULL THEN
    DELETE FROM platform_event_details WHERE event_id = ANY (ARRAY(
      SELECT event_id FROM platform_event_details WHERE at < older LIMIT most));
  ELSE
    DELETE FROM platform_event_details WHERE event_id = ANY (ARRAY(
      SELECT event_id FROM platform_event_details WHERE about = person OR personal_of = person LIMIT most));
  END IF;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "platform_forget_details"(text, timestamptz, integer) FROM PUBLIC;
--> statement-breakpoint
-- What was forgotten before there were reasons: a fact says so, in the chain as any other. Behind all that is sealed, also
-- where a dump was restored whose transactions are counted from the beginning.
INSERT INTO "platform_events" ("id", "position", "name", "outcome", "actor_kind", "actor_id", "data", "request_id")
SELECT
  (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
    || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid,
  greatest(
    platform_position(pg_current_xact_id()),
    (SELECT max(position) + 1 FROM "platform_events"),
    (SELECT max(position) + 1 FROM "platform_event_seals")),
  'platform.details_forgotten', 'succeeded', 'system', 'migration',
  jsonb_build_object(
    'reason', 'upgraded',
    'before', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
  'migration'
WHERE EXISTS (
  SELECT FROM "platform_events" e
  WHERE e.details_hash IS NOT NULL
    AND NOT EXISTS (SELECT FROM "platform_event_details" d WHERE d.event_id = e.id));
