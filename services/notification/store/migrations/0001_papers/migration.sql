-- A numbered paper of a child.
CREATE TABLE "paper" (
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "number" TEXT NOT NULL,
  "school" TEXT,
  "state" TEXT NOT NULL DEFAULT 'issued',
  "issued_at" TIMESTAMPTZ(3) NOT NULL,
  "exchanged_for" TEXT,
  "exchanged_at" TIMESTAMPTZ(3),
  CONSTRAINT "paper_pkey" PRIMARY KEY ("season", "child", "phase", "kind"),
  CONSTRAINT "paper_kind_known" CHECK ("kind" IN ('place-notice', 'admission-letter', 'result', 'arrangement', 'reminder')),
  CONSTRAINT "paper_state_known" CHECK ("state" IN ('issued', 'exchanged', 'void')),
  CONSTRAINT "paper_exchanged_whole" CHECK (("state" = 'exchanged') = ("exchanged_for" IS NOT NULL) AND ("state" = 'exchanged') = ("exchanged_at" IS NOT NULL))
);
CREATE UNIQUE INDEX "paper_season_number_key" ON "paper" ("season", "number");
-- One place notice a child that is good for anything (学位通知单, exchanged once).
CREATE UNIQUE INDEX "paper_one_place_notice" ON "paper" ("season", "child") WHERE "kind" = 'place-notice' AND "state" = 'issued';

-- The last number given to a kind of paper in a season.
CREATE TABLE "paper_counter" (
  "season" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "last" INTEGER NOT NULL,
  CONSTRAINT "paper_counter_pkey" PRIMARY KEY ("season", "kind")
);

-- One message about one paper over one channel.
CREATE TABLE "message" (
  "id" TEXT NOT NULL,
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "number" TEXT NOT NULL,
  "channel" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'queued',
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "next_at" TIMESTAMPTZ(3) DEFAULT clock_timestamp(),
  "last_error" TEXT,
  "done_at" TIMESTAMPTZ(3),
  CONSTRAINT "message_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "message_channel_known" CHECK ("channel" IN ('email', 'sms')),
  CONSTRAINT "message_state_known" CHECK ("state" IN ('queued', 'sent', 'failed', 'skipped')),
  CONSTRAINT "message_queued_is_due" CHECK (("state" = 'queued') = ("next_at" IS NOT NULL) AND ("state" = 'queued') = ("done_at" IS NULL)),
  CONSTRAINT "message_season_number_fkey" FOREIGN KEY ("season", "number") REFERENCES "paper" ("season", "number")
    ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "message_season_number_channel_key" ON "message" ("season", "number", "channel");
CREATE INDEX "message_season_state_id_idx" ON "message" ("season", "state", "id");
-- The queue: what still has to be sent, by when.
CREATE INDEX "message_queue" ON "message" ("next_at") WHERE "next_at" IS NOT NULL;

-- Names of schools, and deadlines that were extended, copied from what others publish.
CREATE TABLE "school" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  CONSTRAINT "school_pkey" PRIMARY KEY ("season", "id")
);
CREATE TABLE "deadline" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "closes_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "deadline_pkey" PRIMARY KEY ("season", "phase")
);
