-- Addresses move beside their facts, where they can be forgotten. Facts from before carry no hash of them.
INSERT INTO "platform_event_details" ("event_id", "about", "ip", "salt", "at")
SELECT "id", CASE WHEN "actor_kind" = 'user' THEN "actor_id" ELSE coalesce("on_behalf_of", "subject_id") END,
  host("ip"), uuid_send(gen_random_uuid()), "at"
FROM "platform_events" WHERE "ip" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "platform_events" DROP COLUMN "ip";
