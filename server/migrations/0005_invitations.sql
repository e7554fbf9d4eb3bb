CREATE TABLE "invitations_mails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitations_invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"name" text,
	"message" text,
	"invited_by" uuid NOT NULL,
	"mail_id" uuid NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"ended_at" timestamp with time zone,
	"accepted_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "invitations_invitations_ended" CHECK (("invitations_invitations"."status" = 'pending') = ("invitations_invitations"."ended_at" is null)),
	CONSTRAINT "invitations_invitations_email_canonical" CHECK ("invitations_invitations"."email" = lower("invitations_invitations"."email"))
);
--> statement-breakpoint
ALTER TABLE "invitations_invitations" ADD CONSTRAINT "invitations_invitations_invited_by_users_users_id_fk" FOREIGN KEY ("invited_by") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations_invitations" ADD CONSTRAINT "invitations_invitations_accepted_by_users_users_id_fk" FOREIGN KEY ("accepted_by") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "invitations_mails_email" ON "invitations_mails" USING btree ("email","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_invitations_mail" ON "invitations_invitations" USING btree ("mail_id");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_invitations_waiting" ON "invitations_invitations" USING btree ("email") WHERE "invitations_invitations"."status" = 'pending';