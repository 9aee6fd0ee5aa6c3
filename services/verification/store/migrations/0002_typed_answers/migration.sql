-- One question to an authority is about all facts of a check; its answer has a value, or none, for each.
CREATE TEMPORARY TABLE "asked" AS
  SELECT "season", "child", "phase", "authority", sum("attempts")::int AS "attempts", max("last_error") AS "last_error", max("next_at") AS "next_at",
    CASE WHEN bool_and("answer" IS NOT NULL) THEN jsonb_build_object(
      'facts', coalesce(jsonb_object_agg("fact", "value") FILTER (WHERE "value" IS NOT NULL), '{}'), 'none', '[]'::jsonb) END AS "reply"
  FROM "question" GROUP BY 1, 2, 3, 4;
DROP TABLE "question";
CREATE TABLE "question" (
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "authority" TEXT NOT NULL,
  "reply" JSONB,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "next_at" TIMESTAMPTZ(3) DEFAULT clock_timestamp(),
  "last_error" TEXT,
  CONSTRAINT "question_pkey" PRIMARY KEY ("season", "phase", "child", "authority"),
  CONSTRAINT "question_answered_once" CHECK ("reply" IS NULL OR "next_at" IS NULL),
  CONSTRAINT "question_season_phase_child_fkey" FOREIGN KEY ("season", "phase", "child")
    REFERENCES "case_file" ("season", "phase", "child") ON DELETE RESTRICT ON UPDATE CASCADE
);
-- The queue: what still has to be asked, by when.
CREATE INDEX "question_queue" ON "question" ("next_at") WHERE "next_at" IS NOT NULL;
INSERT INTO "question" ("season", "child", "phase", "authority", "reply", "attempts", "next_at", "last_error")
  SELECT "season", "child", "phase", "authority", "reply", "attempts", CASE WHEN "reply" IS NULL THEN "next_at" END, "last_error" FROM "asked";
DROP TABLE "asked";
