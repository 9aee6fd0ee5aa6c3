-- What a paper sends the family on to, and papers that are known before they may be told.
ALTER TABLE "paper" ADD COLUMN "next" TEXT;

-- A result of which a family is not told before its day.
CREATE TABLE "due_result" (
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "reason" TEXT,
  "next" TEXT,
  "due_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "due_result_pkey" PRIMARY KEY ("season", "child", "phase")
);
CREATE INDEX "due_result_due_at_idx" ON "due_result" ("due_at");
