CREATE TABLE "ledger_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"owner_id" text NOT NULL,
	"asset" text NOT NULL,
	"normal" text NOT NULL,
	"debits" bigint DEFAULT 0 NOT NULL,
	"credits" bigint DEFAULT 0 NOT NULL,
	"held" bigint DEFAULT 0 NOT NULL,
	"floor" bigint DEFAULT 0 NOT NULL,
	"is_unbounded" boolean DEFAULT false NOT NULL,
	"closed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_accounts_asset" UNIQUE("id","asset"),
	CONSTRAINT "ledger_accounts_kind_name" CHECK ("ledger_accounts"."kind" ~ '^[a-z][a-z_]{1,39}$'),
	CONSTRAINT "ledger_accounts_normal" CHECK ("ledger_accounts"."normal" in ('debit', 'credit')),
	CONSTRAINT "ledger_accounts_not_negative" CHECK ("ledger_accounts"."debits" >= 0 and "ledger_accounts"."credits" >= 0 and "ledger_accounts"."held" >= 0),
	CONSTRAINT "ledger_accounts_no_overdraft" CHECK ("ledger_accounts"."is_unbounded" or (case "ledger_accounts"."normal" when 'credit' then "ledger_accounts"."credits" - "ledger_accounts"."debits" else "ledger_accounts"."debits" - "ledger_accounts"."credits" end) - "ledger_accounts"."held" >= "ledger_accounts"."floor"),
	CONSTRAINT "ledger_accounts_unbounded_is_summed" CHECK (not "ledger_accounts"."is_unbounded" or ("ledger_accounts"."debits" = 0 and "ledger_accounts"."credits" = 0 and "ledger_accounts"."held" = 0 and "ledger_accounts"."floor" = 0)),
	CONSTRAINT "ledger_accounts_closed_is_empty" CHECK ("ledger_accounts"."closed_at" is null or (not "ledger_accounts"."is_unbounded" and "ledger_accounts"."debits" = "ledger_accounts"."credits" and "ledger_accounts"."held" = 0))
);
--> statement-breakpoint
CREATE TABLE "ledger_assets" (
	"code" text PRIMARY KEY NOT NULL,
	"scale" smallint NOT NULL,
	CONSTRAINT "ledger_assets_code" CHECK ("ledger_assets"."code" ~ '^[A-Z][A-Z0-9_]{2,15}$'),
	CONSTRAINT "ledger_assets_scale" CHECK ("ledger_assets"."scale" between 0 and 9)
);
--> statement-breakpoint
CREATE TABLE "ledger_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"findings" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_holds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"asset" text NOT NULL,
	"amount" bigint NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"settled_amount" bigint,
	"transaction_id" uuid,
	"idem_key" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_holds_idem_key" UNIQUE("idem_key"),
	CONSTRAINT "ledger_holds_state" CHECK ("ledger_holds"."state" in ('open', 'settled', 'released', 'expired')),
	CONSTRAINT "ledger_holds_amount" CHECK ("ledger_holds"."amount" > 0),
	CONSTRAINT "ledger_holds_idem_key_length" CHECK (length("ledger_holds"."idem_key") between 1 and 255),
	CONSTRAINT "ledger_holds_settled" CHECK (("ledger_holds"."state" = 'settled') = ("ledger_holds"."settled_amount" is not null) and "ledger_holds"."settled_amount" between 0 and "ledger_holds"."amount"),
	CONSTRAINT "ledger_holds_posted" CHECK (("ledger_holds"."transaction_id" is not null) = (coalesce("ledger_holds"."settled_amount", 0) > 0)),
	CONSTRAINT "ledger_holds_ended" CHECK (("ledger_holds"."state" = 'open') = ("ledger_holds"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "ledger_postings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ledger_postings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"transaction_id" uuid NOT NULL,
	"debit_id" uuid NOT NULL,
	"credit_id" uuid NOT NULL,
	"asset" text NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "ledger_postings_amount" CHECK ("ledger_postings"."amount" > 0),
	CONSTRAINT "ledger_postings_two_accounts" CHECK ("ledger_postings"."debit_id" <> "ledger_postings"."credit_id")
);
--> statement-breakpoint
CREATE TABLE "ledger_transactions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"idem_key" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"ref_type" text,
	"ref_id" text,
	"reverses" uuid,
	"effective_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "ledger_transactions_idem_key" UNIQUE("idem_key"),
	CONSTRAINT "ledger_transactions_reverses" UNIQUE("reverses"),
	CONSTRAINT "ledger_transactions_idem_key_length" CHECK (length("ledger_transactions"."idem_key") between 1 and 255),
	CONSTRAINT "ledger_transactions_reason_name" CHECK ("ledger_transactions"."reason" ~ '^[a-z][a-z0-9_.]{1,79}$'),
	CONSTRAINT "ledger_transactions_reverses_another" CHECK ("ledger_transactions"."reverses" <> "ledger_transactions"."id"),
	CONSTRAINT "ledger_transactions_ref_is_whole" CHECK (("ledger_transactions"."ref_type" is null) = ("ledger_transactions"."ref_id" is null))
);
--> statement-breakpoint
ALTER TABLE "ledger_accounts" ADD CONSTRAINT "ledger_accounts_asset_ledger_assets_code_fk" FOREIGN KEY ("asset") REFERENCES "public"."ledger_assets"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_holds" ADD CONSTRAINT "ledger_holds_transaction_id_ledger_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."ledger_transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_holds" ADD CONSTRAINT "ledger_holds_account" FOREIGN KEY ("account_id","asset") REFERENCES "public"."ledger_accounts"("id","asset") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_transaction_id_ledger_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."ledger_transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_debit" FOREIGN KEY ("debit_id","asset") REFERENCES "public"."ledger_accounts"("id","asset") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_postings" ADD CONSTRAINT "ledger_postings_credit" FOREIGN KEY ("credit_id","asset") REFERENCES "public"."ledger_accounts"("id","asset") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_transactions" ADD CONSTRAINT "ledger_transactions_reverses_ledger_transactions_id_fk" FOREIGN KEY ("reverses") REFERENCES "public"."ledger_transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_accounts_one" ON "ledger_accounts" USING btree ("kind","owner_id","asset") WHERE "ledger_accounts"."kind" <> 'credit_lot';--> statement-breakpoint
CREATE INDEX "ledger_accounts_owner" ON "ledger_accounts" USING btree ("owner_id","id");--> statement-breakpoint
CREATE INDEX "ledger_accounts_kind" ON "ledger_accounts" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "ledger_checks_at" ON "ledger_checks" USING btree ("at");--> statement-breakpoint
CREATE INDEX "ledger_holds_by_account" ON "ledger_holds" USING btree ("account_id") WHERE "ledger_holds"."state" = 'open';--> statement-breakpoint
CREATE INDEX "ledger_holds_due" ON "ledger_holds" USING btree ("expires_at") WHERE "ledger_holds"."state" = 'open';--> statement-breakpoint
CREATE INDEX "ledger_postings_by_debit" ON "ledger_postings" USING btree ("debit_id","id");--> statement-breakpoint
CREATE INDEX "ledger_postings_by_credit" ON "ledger_postings" USING btree ("credit_id","id");--> statement-breakpoint
CREATE INDEX "ledger_postings_by_transaction" ON "ledger_postings" USING btree ("transaction_id","id");--> statement-breakpoint
CREATE INDEX "ledger_transactions_ref" ON "ledger_transactions" USING btree ("ref_type","ref_id","id");--> statement-breakpoint
CREATE INDEX "ledger_transactions_reason" ON "ledger_transactions" USING btree ("reason","id");--> statement-breakpoint
CREATE INDEX "ledger_transactions_effective" ON "ledger_transactions" USING btree ("effective_at");