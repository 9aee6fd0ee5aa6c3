-- Everything here is a projection of the topics and can be built again from them, but for "action" and the
-- replays in "dead_letter".

-- A phase's close may arrive before the season's opening, so what only the opening knows may be missing.
CREATE TABLE "season" (
  "id" TEXT NOT NULL,
  "policy" JSONB NOT NULL,
  "opens_at" TIMESTAMPTZ(3) NOT NULL,
  "closes_at" TIMESTAMPTZ(3) NOT NULL,
  "closed_at" TIMESTAMPTZ(3),
  "ends" JSONB,
  CONSTRAINT "season_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "phase" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "position" INTEGER,
  "kind" TEXT,
  "owner" TEXT,
  "opens_at" TIMESTAMPTZ(3),
  "calendar_closes_at" TIMESTAMPTZ(3),
  "closes_at" TIMESTAMPTZ(3),
  "publish_at" TIMESTAMPTZ(3),
  "closed_at" TIMESTAMPTZ(3),
  "count" INTEGER,
  "digest" TEXT,
  CONSTRAINT "phase_pkey" PRIMARY KEY ("season", "phase")
);

CREATE TABLE "round" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "units" INTEGER,
  "children" INTEGER,
  "list_hash" TEXT,
  "seed" TEXT,
  "admitted" INTEGER,
  "not_admitted" INTEGER,
  "frozen_at" TIMESTAMPTZ(3),
  "decided_at" TIMESTAMPTZ(3),
  "published_at" TIMESTAMPTZ(3),
  CONSTRAINT "round_pkey" PRIMARY KEY ("season", "phase")
);

CREATE TABLE "child" (
  "season" TEXT NOT NULL,
  "child" TEXT COLLATE "C" NOT NULL,
  "district" TEXT,
  "number" TEXT COLLATE "C",
  "status" TEXT NOT NULL DEFAULT 'listed',
  "sequence" INTEGER NOT NULL DEFAULT 0,
  "arrangement" JSONB,
  "end_state" JSONB,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "child_pkey" PRIMARY KEY ("season", "child")
);
CREATE INDEX "child_figures_idx" ON "child" ("season", "status", "district");
CREATE INDEX "child_district_idx" ON "child" ("season", "district", "child");
CREATE INDEX "child_number_idx" ON "child" ("season", "number");

-- Outcomes by phase, as the newest snapshot of each aggregate states them.
CREATE TABLE "child_outcome" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "child" TEXT COLLATE "C" NOT NULL,
  "aggregate" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "outcome" TEXT NOT NULL,
  CONSTRAINT "child_outcome_pkey" PRIMARY KEY ("season", "phase", "child", "aggregate", "id")
);
CREATE INDEX "child_outcome_aggregate_idx" ON "child_outcome" ("season", "child", "aggregate", "id");

CREATE TABLE "child_event" (
  "position" BIGSERIAL NOT NULL,
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "event" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "data" JSONB NOT NULL,
  CONSTRAINT "child_event_pkey" PRIMARY KEY ("position")
);
CREATE INDEX "child_event_child_idx" ON "child_event" ("season", "child", "at", "position");

CREATE TABLE "arrangement_case" (
  "season" TEXT NOT NULL,
  "child" TEXT COLLATE "C" NOT NULL,
  "opened_at" TIMESTAMPTZ(3) NOT NULL,
  "district" TEXT,
  "phase" TEXT NOT NULL,
  "cause" JSONB NOT NULL,
  "closed_at" TIMESTAMPTZ(3),
  "closed_as" TEXT,
  CONSTRAINT "arrangement_case_pkey" PRIMARY KEY ("season", "child", "opened_at")
);
-- A child has one desk at a time.
CREATE UNIQUE INDEX "arrangement_case_open_key" ON "arrangement_case" ("season", "child") WHERE "closed_at" IS NULL;
CREATE INDEX "arrangement_case_list_idx" ON "arrangement_case" ("season", "opened_at", "child");

CREATE TABLE "message" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL,
  CONSTRAINT "message_pkey" PRIMARY KEY ("season", "id")
);
CREATE INDEX "message_state_idx" ON "message" ("season", "state");

CREATE TABLE "event_count" (
  "season" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "count" BIGINT NOT NULL,
  CONSTRAINT "event_count_pkey" PRIMARY KEY ("season", "type")
);

-- What the event stream of the screens tells, in the order in which it became known.
CREATE TABLE "season_change" (
  "position" BIGSERIAL NOT NULL,
  "season" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "body" JSONB NOT NULL,
  CONSTRAINT "season_change_pkey" PRIMARY KEY ("position")
);
CREATE UNIQUE INDEX "season_change_key" ON "season_change" ("season", "key");

CREATE TABLE "dead_letter" (
  "id" TEXT NOT NULL,
  "topic" TEXT NOT NULL,
  "event" TEXT,
  "type" TEXT,
  "season" TEXT,
  "consumer" TEXT NOT NULL,
  "cause" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "message" JSONB NOT NULL,
  "replayed_at" TIMESTAMPTZ(3),
  "replayed_by" TEXT,
  CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "dead_letter_list_idx" ON "dead_letter" ("at", "id");

CREATE TABLE "action" (
  "position" BIGSERIAL NOT NULL,
  "id" TEXT NOT NULL,
  "who" TEXT NOT NULL,
  "role" TEXT NOT NULL,
  "what" TEXT NOT NULL,
  "season" TEXT,
  "target" TEXT,
  "reason" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "result" TEXT NOT NULL DEFAULT 'asked',
  "problem" TEXT,
  CONSTRAINT "action_pkey" PRIMARY KEY ("position"),
  CONSTRAINT "action_result_known" CHECK ("result" IN ('asked', 'done', 'refused', 'failed'))
);
CREATE UNIQUE INDEX "action_id_key" ON "action" ("id");
CREATE INDEX "action_season_idx" ON "action" ("season", "position");
