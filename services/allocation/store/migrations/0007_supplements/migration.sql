-- Draw, check and publication done again for groups that the check had held back; 0 is the first time.
ALTER TABLE "round_step"
  ADD COLUMN "supplement" INTEGER NOT NULL DEFAULT 0,
  DROP CONSTRAINT "round_step_pkey",
  ADD CONSTRAINT "round_step_pkey" PRIMARY KEY ("season", "phase", "run", "supplement", "step"),
  ADD CONSTRAINT "round_step_supplements" CHECK ("supplement" = 0 OR ("supplement" > 0 AND "step" IN ('draw', 'check', 'publish')));
DROP INDEX "round_drawn_once";
DROP INDEX "round_published_once";
CREATE UNIQUE INDEX "round_drawn_once" ON "round_step" ("season", "phase", "supplement") WHERE "step" = 'draw';
CREATE UNIQUE INDEX "round_published_once" ON "round_step" ("season", "phase", "supplement") WHERE "step" = 'publish';

ALTER TABLE "round" ADD COLUMN "supplement" INTEGER NOT NULL DEFAULT 0;

-- A group is given once, by the first check that agrees.
CREATE TABLE "round_given" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "group" TEXT NOT NULL,
  "given_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "round_given_pkey" PRIMARY KEY ("season", "phase", "group")
);
INSERT INTO "round_given" ("season", "phase", "group", "given_at")
  SELECT step."season", step."phase", one->>'id', step."done_at"
  FROM "round_step" AS step, jsonb_array_elements(step."body"->'check'->'groups') AS one
  WHERE step."step" = 'check' AND (one->>'agreed')::boolean;

-- A published result is never published again, nor changed.
CREATE FUNCTION "refuse_to_publish_again"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'published results are kept as they were';
END $$;
CREATE TRIGGER "round_result_published_once" BEFORE UPDATE OR DELETE ON "round_result"
  FOR EACH ROW WHEN (OLD."published_at" IS NOT NULL) EXECUTE FUNCTION "refuse_to_publish_again"();
