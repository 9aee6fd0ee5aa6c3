-- Metres on the city's grid, where the catalogue says so.
ALTER TABLE "school" ADD COLUMN "location" JSONB;
ALTER TABLE "zone" ADD COLUMN "location" JSONB;

-- What staff said to a proposal of a residual round; one without is approved when the results become public.
CREATE TABLE "proposal_verdict" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "verdict" TEXT NOT NULL,
  "officer" TEXT NOT NULL,
  "reason" TEXT,
  "given_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "proposal_verdict_pkey" PRIMARY KEY ("season", "phase", "child"),
  CONSTRAINT "proposal_verdict_known" CHECK ("verdict" IN ('approved', 'refused')),
  CONSTRAINT "proposal_verdict_refused_with_reason" CHECK ("verdict" <> 'refused' OR "reason" IS NOT NULL)
);

-- What a residual round was decided from (ruxue.residual.v1), what came of it (ruxue.proposals.v1), and who asked.
CREATE TABLE "residual_run" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "run" INTEGER NOT NULL,
  "asked_by" TEXT NOT NULL,
  "input" JSONB NOT NULL,
  "result" JSONB NOT NULL,
  "ran_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "residual_run_pkey" PRIMARY KEY ("season", "phase"),
  CONSTRAINT "residual_run_numbered" CHECK ("run" > 0)
);
CREATE TRIGGER "residual_run_kept" BEFORE UPDATE OR DELETE OR TRUNCATE ON "residual_run"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_to_change_steps"();
