CREATE SCHEMA IF NOT EXISTS "platform";

-- A season this service takes part in. The timeline is stored by value and never replaced by another.
CREATE TABLE "platform"."season" (
  "id" TEXT NOT NULL,
  "policy_hash" TEXT NOT NULL,
  "timeline" JSONB NOT NULL,
  "setup" JSONB,
  "state" TEXT NOT NULL DEFAULT 'open',
  "installed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "season_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "season_state_known" CHECK ("state" IN ('open', 'closed'))
);

-- The window of a phase this service owns: the truth about its deadline.
CREATE TABLE "platform"."phase_window" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "opens_at" TIMESTAMPTZ(3) NOT NULL,
  "closes_at" TIMESTAMPTZ(3) NOT NULL,
  "closed_at" TIMESTAMPTZ(3),
  "count" INTEGER,
  "digest" TEXT,
  CONSTRAINT "phase_window_pkey" PRIMARY KEY ("season", "phase"),
  CONSTRAINT "phase_window_order" CHECK ("opens_at" <= "closes_at"),
  CONSTRAINT "phase_window_closed_whole"
    CHECK (("closed_at" IS NULL) = ("count" IS NULL) AND ("closed_at" IS NULL) = ("digest" IS NULL)),
  CONSTRAINT "phase_window_season_fkey" FOREIGN KEY ("season") REFERENCES "platform"."season" ("id")
    ON DELETE RESTRICT ON UPDATE CASCADE
);

-- Events not yet acknowledged by Kafka, in the order in which they go out.
CREATE TABLE "platform"."outbox" (
  "position" BIGSERIAL NOT NULL,
  "topic" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "event" JSONB NOT NULL,
  CONSTRAINT "outbox_pkey" PRIMARY KEY ("position")
);

-- Events whose effect this service has already had.
CREATE TABLE "platform"."consumed_event" (
  "ce_id" TEXT NOT NULL,
  "consumed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "consumed_event_pkey" PRIMARY KEY ("ce_id")
);

-- Final answers of commands, by their key; null only inside the transaction that makes the answer.
CREATE TABLE "platform"."idempotency_key" (
  "key" TEXT NOT NULL,
  "answer" JSONB,
  "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("key")
);

-- The newest snapshot of every aggregate about a child, this service's own included.
CREATE TABLE "platform"."child_fact" (
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "aggregate" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "revision" INTEGER NOT NULL,
  "body" JSONB NOT NULL,
  CONSTRAINT "child_fact_pkey" PRIMARY KEY ("season", "child", "aggregate", "id")
);
CREATE INDEX "child_fact_aggregate_idx" ON "platform"."child_fact" ("season", "aggregate", "id");
