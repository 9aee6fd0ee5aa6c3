CREATE TABLE "district" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  CONSTRAINT "district_pkey" PRIMARY KEY ("season", "id")
);

CREATE TABLE "school" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "district" TEXT NOT NULL,
  "facts" JSONB NOT NULL,
  CONSTRAINT "school_pkey" PRIMARY KEY ("season", "id")
);

CREATE TABLE "zone" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "district" TEXT NOT NULL,
  "schools" TEXT[],
  "addresses" JSONB NOT NULL,
  CONSTRAINT "zone_pkey" PRIMARY KEY ("season", "id")
);

-- The plan of a school is its rows here: there is no seat without one. A row without a child is free. A row beyond
-- the plan carries its reason.
CREATE TABLE "seat" (
  "season" TEXT NOT NULL,
  "school" TEXT NOT NULL,
  "ordinal" INTEGER NOT NULL,
  "overflow" TEXT,
  "child" TEXT,
  "basis" TEXT,
  "taken" BOOLEAN NOT NULL DEFAULT false,
  -- False until the round that gave it is published for this child.
  "visible" BOOLEAN NOT NULL DEFAULT false,
  -- The decided round whose publication releases it.
  "leaves_with" TEXT,
  CONSTRAINT "seat_pkey" PRIMARY KEY ("season", "school", "ordinal"),
  CONSTRAINT "seat_season_school_fkey" FOREIGN KEY ("season", "school") REFERENCES "school" ("season", "id")
    ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "seat_ordinal_positive" CHECK ("ordinal" > 0),
  CONSTRAINT "seat_basis_known" CHECK (("child" IS NULL) = ("basis" IS NULL)),
  CONSTRAINT "seat_free_is_blank" CHECK ("child" IS NOT NULL OR NOT ("taken" OR "visible" OR "leaves_with" IS NOT NULL)),
  CONSTRAINT "seat_taken_is_visible" CHECK ("visible" OR NOT "taken")
);
-- A child has at most one seat on each basis, and at most one it has taken.
CREATE UNIQUE INDEX "seat_once_a_basis" ON "seat" ("season", "child", "basis") WHERE "child" IS NOT NULL;
CREATE UNIQUE INDEX "seat_taken_once" ON "seat" ("season", "child") WHERE "taken";
CREATE INDEX "seat_free" ON "seat" ("season", "school", "ordinal") WHERE "child" IS NULL;
CREATE INDEX "seat_leaving" ON "seat" ("season", "leaves_with", "child") WHERE "leaves_with" IS NOT NULL;

-- The aggregate behind a child's place fact. Its row is locked before any seat of the child.
CREATE TABLE "place" (
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "revision" INTEGER NOT NULL DEFAULT 0,
  "outcomes" JSONB NOT NULL DEFAULT '{}',
  CONSTRAINT "place_pkey" PRIMARY KEY ("season", "child")
);

CREATE TABLE "choice" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "revision" INTEGER NOT NULL,
  "schools" TEXT[],
  -- The child whose guardian made the entry: another than the row's where a twin's entry stands for both.
  "entered_for" TEXT NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "choice_pkey" PRIMARY KEY ("season", "phase", "child"),
  CONSTRAINT "choice_not_empty" CHECK (cardinality("schools") > 0)
);

-- A round exists from its freeze on: the hash of its list is committed before its seed is made.
CREATE TABLE "round" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "units" INTEGER NOT NULL,
  "children" INTEGER NOT NULL,
  "list_hash" TEXT NOT NULL,
  "seed" TEXT,
  "seed_origin" TEXT,
  "admitted" INTEGER,
  "not_admitted" INTEGER,
  "frozen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "decided_at" TIMESTAMPTZ(3),
  "published_at" TIMESTAMPTZ(3),
  CONSTRAINT "round_pkey" PRIMARY KEY ("season", "phase"),
  CONSTRAINT "round_state_known" CHECK ("state" IN ('frozen', 'decided', 'published')),
  CONSTRAINT "round_seed_only_decided" CHECK (("state" = 'frozen') = ("seed" IS NULL) AND ("seed" IS NULL) = ("decided_at" IS NULL)),
  CONSTRAINT "round_published_whole" CHECK (("state" = 'published') = ("published_at" IS NOT NULL))
);

CREATE TABLE "round_unit" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "unit" TEXT NOT NULL,
  "members" TEXT[],
  "schools" TEXT[],
  CONSTRAINT "round_unit_pkey" PRIMARY KEY ("season", "phase", "unit")
);

CREATE TABLE "round_dissolved" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "unit" TEXT NOT NULL,
  "members" TEXT[],
  "reason" TEXT NOT NULL,
  CONSTRAINT "round_dissolved_pkey" PRIMARY KEY ("season", "phase", "unit")
);

CREATE TABLE "round_school" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "school" TEXT NOT NULL,
  "applicants" INTEGER NOT NULL,
  "seats" INTEGER NOT NULL,
  "drawn" BOOLEAN NOT NULL,
  CONSTRAINT "round_school_pkey" PRIMARY KEY ("season", "phase", "school")
);

CREATE TABLE "round_result" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "unit" TEXT NOT NULL,
  "ticket" TEXT NOT NULL,
  "outcome" TEXT NOT NULL,
  "school" TEXT,
  "reason" TEXT,
  "published_at" TIMESTAMPTZ(3),
  CONSTRAINT "round_result_pkey" PRIMARY KEY ("season", "phase", "child"),
  CONSTRAINT "round_result_outcome_known" CHECK ("outcome" IN ('admitted', 'not-admitted')),
  CONSTRAINT "round_result_school_if_admitted" CHECK (("outcome" = 'admitted') = ("school" IS NOT NULL))
);
CREATE INDEX "round_result_unpublished" ON "round_result" ("season", "phase", "child") WHERE "published_at" IS NULL;

CREATE TABLE "check_in" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "school" TEXT NOT NULL,
  "basis" TEXT NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "check_in_pkey" PRIMARY KEY ("season", "phase", "child")
);

CREATE TABLE "confirmation" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "confirmation_pkey" PRIMARY KEY ("season", "phase", "child")
);

CREATE TABLE "arrangement" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "school" TEXT NOT NULL,
  "officer" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "arranged_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "arrangement_pkey" PRIMARY KEY ("season", "phase", "child")
);

-- A publication phase that was published, and the free seats it told of.
CREATE TABLE "publication" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "publication_pkey" PRIMARY KEY ("season", "phase")
);

CREATE TABLE "vacancy" (
  "season" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "school" TEXT NOT NULL,
  "free" INTEGER NOT NULL,
  CONSTRAINT "vacancy_pkey" PRIMARY KEY ("season", "phase", "school")
);
