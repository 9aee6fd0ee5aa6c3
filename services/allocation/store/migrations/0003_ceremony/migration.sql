-- The steps of a draw, each as the transcript (ruxue.draw.v1) has it, and who asked for it.
CREATE TABLE "round_step" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "run" INTEGER NOT NULL,
  "step" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  "body" JSONB NOT NULL,
  "asked_by" TEXT NOT NULL,
  "done_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "round_step_pkey" PRIMARY KEY ("season", "phase", "run", "step"),
  CONSTRAINT "round_step_numbered" CHECK ("run" > 0),
  CONSTRAINT "round_step_known" CHECK ("step" IN ('freeze', 'commit', 'reveal', 'draw', 'check', 'publish'))
);
-- A draw may have to begin again, but there is one draw and one publication.
CREATE UNIQUE INDEX "round_drawn_once" ON "round_step" ("season", "phase") WHERE "step" = 'draw';
CREATE UNIQUE INDEX "round_published_once" ON "round_step" ("season", "phase") WHERE "step" = 'publish';

-- What a source of randomness has handed in, before the reveal is done.
CREATE TABLE "round_reveal" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "run" INTEGER NOT NULL,
  "source" TEXT NOT NULL,
  "part" JSONB NOT NULL,
  CONSTRAINT "round_reveal_pkey" PRIMARY KEY ("season", "phase", "run", "source")
);

-- Every step is kept: none is ever deleted or overwritten.
CREATE FUNCTION "refuse_to_change_steps"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'steps of draws are kept as they were';
END $$;
CREATE TRIGGER "round_step_kept" BEFORE UPDATE OR DELETE OR TRUNCATE ON "round_step"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_to_change_steps"();
CREATE TRIGGER "round_reveal_kept" BEFORE UPDATE OR DELETE OR TRUNCATE ON "round_reveal"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_to_change_steps"();

-- Seeds, inputs and results stand in the steps. A season with rounds that were decided before is finished with the
-- version that decided them.
ALTER TABLE "round"
  DROP CONSTRAINT "round_season_phase_run_fkey",
  DROP CONSTRAINT "round_decided_by_run",
  DROP CONSTRAINT "round_seed_only_decided",
  DROP COLUMN "seed",
  DROP COLUMN "seed_origin",
  DROP COLUMN "input_digest",
  ALTER COLUMN "run" SET DEFAULT 1,
  ALTER COLUMN "run" SET NOT NULL,
  ADD CONSTRAINT "round_decided_whole" CHECK (("state" = 'frozen') = ("decided_at" IS NULL));
DROP TABLE "round_run";
DROP FUNCTION "refuse_to_change_runs";

-- A free seat that a frozen round counts on is nobody else's until that round is decided.
ALTER TABLE "seat"
  ADD COLUMN "reserved_for" TEXT,
  ADD CONSTRAINT "seat_reserved_is_free" CHECK ("reserved_for" IS NULL OR "child" IS NULL);
