-- A child's case of one check or review.
CREATE TABLE "case_file" (
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "school" TEXT,
  "district" TEXT,
  "revision" INTEGER NOT NULL DEFAULT 0,
  "findings" JSONB NOT NULL DEFAULT '{}',
  "opened_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "case_file_pkey" PRIMARY KEY ("season", "phase", "child"),
  CONSTRAINT "case_file_kind_known" CHECK ("kind" IN ('check', 'review')),
  CONSTRAINT "case_file_state_known" CHECK (
    ("kind" = 'check' AND "state" IN ('open', 'asked', 'answered', 'silent'))
    OR ("kind" = 'review' AND "state" IN ('at-school', 'at-district', 'at-office', 'approved', 'refused', 'undecided'))),
  CONSTRAINT "case_file_at_a_school" CHECK ("state" <> 'at-school' OR "school" IS NOT NULL)
);
CREATE INDEX "case_file_season_school_phase_child_idx" ON "case_file" ("season", "school", "phase", "child");
CREATE INDEX "case_file_season_district_phase_child_idx" ON "case_file" ("season", "district", "phase", "child");

-- One office's decision on a case; steps are numbered from 1 without gaps.
CREATE TABLE "case_step" (
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "ordinal" INTEGER NOT NULL,
  "by" TEXT NOT NULL,
  "outcome" TEXT NOT NULL,
  "reason" TEXT,
  "officer" TEXT NOT NULL,
  "judged" JSONB NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "case_step_pkey" PRIMARY KEY ("season", "phase", "child", "ordinal"),
  CONSTRAINT "case_step_outcome_known" CHECK ("outcome" IN ('approved', 'refused')),
  CONSTRAINT "case_step_refusal_reasoned" CHECK ("outcome" = 'approved' OR "reason" IS NOT NULL),
  CONSTRAINT "case_step_season_phase_child_fkey" FOREIGN KEY ("season", "phase", "child")
    REFERENCES "case_file" ("season", "phase", "child") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- What one authority is asked about one fact of a child.
CREATE TABLE "question" (
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "authority" TEXT NOT NULL,
  "fact" TEXT NOT NULL,
  "answer" TEXT,
  "value" JSONB,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "next_at" TIMESTAMPTZ(3) DEFAULT clock_timestamp(),
  "last_error" TEXT,
  CONSTRAINT "question_pkey" PRIMARY KEY ("season", "phase", "child", "authority", "fact"),
  CONSTRAINT "question_answer_known" CHECK ("answer" IN ('match', 'mismatch', 'unknown')),
  CONSTRAINT "question_answered_once" CHECK ("answer" IS NULL OR "next_at" IS NULL),
  CONSTRAINT "question_season_phase_child_fkey" FOREIGN KEY ("season", "phase", "child")
    REFERENCES "case_file" ("season", "phase", "child") ON DELETE RESTRICT ON UPDATE CASCADE
);
-- The queue: what still has to be asked, by when.
CREATE INDEX "question_queue" ON "question" ("next_at") WHERE "next_at" IS NOT NULL;

-- Copies of what allocation publishes about schools and zones.
CREATE TABLE "school" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "district" TEXT NOT NULL,
  CONSTRAINT "school_pkey" PRIMARY KEY ("season", "id")
);
CREATE TABLE "zone" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "district" TEXT NOT NULL,
  "schools" TEXT[],
  CONSTRAINT "zone_pkey" PRIMARY KEY ("season", "id")
);
