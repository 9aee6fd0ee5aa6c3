-- A run of a round: what went in (ruxue.round.v1), what came out (ruxue.result.v1), and who asked.
CREATE TABLE "round_run" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "run" INTEGER NOT NULL,
  "asked_by" TEXT NOT NULL,
  "input" JSONB NOT NULL,
  "result" JSONB NOT NULL,
  "ran_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "round_run_pkey" PRIMARY KEY ("season", "phase", "run"),
  CONSTRAINT "round_run_numbered" CHECK ("run" > 0)
);

-- Every run is kept: none is ever deleted or overwritten.
CREATE FUNCTION "refuse_to_change_runs"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'runs of rounds are kept as they were';
END $$;
CREATE TRIGGER "round_run_kept" BEFORE UPDATE OR DELETE OR TRUNCATE ON "round_run"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_to_change_runs"();

-- The run that decided the round, and the digest of its input. A season with rounds that were decided before runs were
-- kept does not satisfy the check: it is finished with the version that decided them.
ALTER TABLE "round"
  ADD COLUMN "run" INTEGER,
  ADD COLUMN "input_digest" TEXT,
  ADD CONSTRAINT "round_season_phase_run_fkey" FOREIGN KEY ("season", "phase", "run")
    REFERENCES "round_run" ("season", "phase", "run") ON DELETE RESTRICT ON UPDATE RESTRICT,
  ADD CONSTRAINT "round_decided_by_run" CHECK (("state" = 'frozen') = ("run" IS NULL) AND ("run" IS NULL) = ("input_digest" IS NULL));

-- What the policy's order asks of each member, by child.
ALTER TABLE "round_unit" ADD COLUMN "keys" JSONB;

-- What each school had is in the input of the run.
DROP TABLE "round_school";
