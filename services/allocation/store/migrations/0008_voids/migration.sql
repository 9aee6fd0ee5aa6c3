-- A run that officers have declared void after its freeze, before anything of it was public: its plans were wrong.
CREATE TABLE "round_void" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "run" INTEGER NOT NULL,
  "officers" TEXT[],
  "reason" TEXT NOT NULL,
  "voided_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "round_void_pkey" PRIMARY KEY ("season", "phase", "run"),
  CONSTRAINT "round_void_four_eyes" CHECK (cardinality("officers") >= 2)
);
CREATE TRIGGER "round_void_kept" BEFORE UPDATE OR DELETE OR TRUNCATE ON "round_void"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_to_change_steps"();

ALTER TABLE "round"
  DROP CONSTRAINT "round_state_known",
  ADD CONSTRAINT "round_state_known" CHECK ("state" IN ('frozen', 'decided', 'published', 'void')),
  DROP CONSTRAINT "round_decided_whole",
  ADD CONSTRAINT "round_decided_whole" CHECK (("state" IN ('frozen', 'void')) = ("decided_at" IS NULL));

-- There is one draw that stands: another only where the run of the one before is void, which then goes no further.
DROP INDEX "round_drawn_once";
CREATE FUNCTION "keep_to_standing_run"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "round_void" WHERE "season" = NEW."season" AND "phase" = NEW."phase" AND "run" >= NEW."run") THEN
    RAISE EXCEPTION 'a run that is void has no further steps';
  END IF;
  IF NEW."step" = 'draw' AND EXISTS (
    SELECT 1 FROM "round_step" AS "other"
    WHERE "season" = NEW."season" AND "phase" = NEW."phase" AND "step" = 'draw' AND "run" <> NEW."run"
      AND NOT EXISTS (SELECT 1 FROM "round_void" AS "v" WHERE "v"."season" = NEW."season" AND "v"."phase" = NEW."phase" AND "v"."run" = "other"."run")
  ) THEN
    RAISE EXCEPTION 'another run has drawn';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "round_step_of_standing_run" BEFORE INSERT ON "round_step"
  FOR EACH ROW EXECUTE FUNCTION "keep_to_standing_run"();

-- A residual round that begins again proposes again, and is judged again.
ALTER TABLE "residual_run"
  DROP CONSTRAINT "residual_run_pkey",
  ADD CONSTRAINT "residual_run_pkey" PRIMARY KEY ("season", "phase", "run");
ALTER TABLE "proposal_verdict" ADD COLUMN "run" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "proposal_verdict"
  ALTER COLUMN "run" DROP DEFAULT,
  DROP CONSTRAINT "proposal_verdict_pkey",
  ADD CONSTRAINT "proposal_verdict_pkey" PRIMARY KEY ("season", "phase", "run", "child");
