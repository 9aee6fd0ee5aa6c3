-- A child of a season, from a roster or a first registration. Personal data.
CREATE TABLE "child" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "id_number" TEXT NOT NULL,
  "birthday" DATE NOT NULL,
  "guardian" TEXT NOT NULL,
  "guardian_name" TEXT NOT NULL,
  "guardian_id_number" TEXT NOT NULL,
  "phone" TEXT,
  "email" TEXT,
  "district" TEXT NOT NULL,
  "household" JSONB,
  "facts" JSONB NOT NULL,
  "number" TEXT,
  "source" TEXT NOT NULL,
  "import" TEXT,
  "import_row" INTEGER,
  "listed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "child_pkey" PRIMARY KEY ("season", "id"),
  CONSTRAINT "child_source_known" CHECK ("source" IN ('roster', 'guardian', 'district')),
  CONSTRAINT "child_import_whole" CHECK (("source" = 'roster') = ("import" IS NOT NULL AND "import_row" IS NOT NULL))
);
CREATE UNIQUE INDEX "child_number_unique" ON "child" ("season", "number") WHERE "number" IS NOT NULL;
CREATE INDEX "child_guardian_idx" ON "child" ("season", "guardian");

-- A filed form; several phases may file the same form, a child has it once. Personal data.
CREATE TABLE "form" (
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "form" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "revision" INTEGER NOT NULL,
  "answers" JSONB NOT NULL,
  "signed" BOOLEAN NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL,
  "filed_by" TEXT NOT NULL,
  "frozen" BOOLEAN NOT NULL DEFAULT false,
  CONSTRAINT "form_pkey" PRIMARY KEY ("season", "child", "form"),
  CONSTRAINT "form_revision_counts" CHECK ("revision" >= 1),
  CONSTRAINT "form_season_child_fkey" FOREIGN KEY ("season", "child") REFERENCES "child" ("season", "id")
    ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "form_phase_idx" ON "form" ("season", "phase");

-- One side's word that both children are to be treated as one; it stands until it is dissolved.
CREATE TABLE "twin_declaration" (
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "sibling" TEXT NOT NULL,
  "phase" TEXT NOT NULL,
  "declared_by" TEXT NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL,
  "dissolved_at" TIMESTAMPTZ(3),
  "dissolved_reason" TEXT,
  CONSTRAINT "twin_declaration_pkey" PRIMARY KEY ("season", "child"),
  CONSTRAINT "twin_declaration_two" CHECK ("child" <> "sibling"),
  CONSTRAINT "twin_declaration_dissolved_whole" CHECK (("dissolved_at" IS NULL) = ("dissolved_reason" IS NULL)),
  CONSTRAINT "twin_declaration_season_child_fkey" FOREIGN KEY ("season", "child") REFERENCES "child" ("season", "id")
    ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "twin_declaration_season_sibling_fkey" FOREIGN KEY ("season", "sibling") REFERENCES "child" ("season", "id")
    ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "twin_sibling_idx" ON "twin_declaration" ("season", "sibling");

CREATE TABLE "withdrawal" (
  "season" TEXT NOT NULL,
  "child" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "by" TEXT NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "withdrawal_pkey" PRIMARY KEY ("season", "child"),
  CONSTRAINT "withdrawal_season_child_fkey" FOREIGN KEY ("season", "child") REFERENCES "child" ("season", "id")
    ON DELETE RESTRICT ON UPDATE CASCADE
);

-- The cursor of a roster import: moved in the transaction that stores the rows it counts.
CREATE TABLE "roster_import" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "rows" INTEGER NOT NULL,
  "accepted" INTEGER NOT NULL,
  "unchanged" INTEGER NOT NULL,
  "rejected" INTEGER NOT NULL,
  "digest" TEXT NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "finished_at" TIMESTAMPTZ(3),
  CONSTRAINT "roster_import_pkey" PRIMARY KEY ("season", "id"),
  CONSTRAINT "roster_import_adds_up" CHECK ("rows" = "accepted" + "unchanged" + "rejected")
);

-- Why a row was rejected; never its values.
CREATE TABLE "import_fault" (
  "season" TEXT NOT NULL,
  "import" TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  "field" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  CONSTRAINT "import_fault_pkey" PRIMARY KEY ("season", "import", "row", "field"),
  CONSTRAINT "import_fault_season_import_fkey" FOREIGN KEY ("season", "import") REFERENCES "roster_import" ("season", "id")
    ON DELETE RESTRICT ON UPDATE CASCADE
);

-- Districts, schools and zones as allocation published them.
CREATE TABLE "catalogue" (
  "season" TEXT NOT NULL,
  "schools" INTEGER NOT NULL,
  "zones" INTEGER NOT NULL,
  CONSTRAINT "catalogue_pkey" PRIMARY KEY ("season")
);
CREATE TABLE "district" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  CONSTRAINT "district_pkey" PRIMARY KEY ("season", "id")
);
CREATE TABLE "school" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  CONSTRAINT "school_pkey" PRIMARY KEY ("season", "id")
);
CREATE TABLE "zone" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "district" TEXT NOT NULL,
  "schools" TEXT[],
  "addresses" JSONB NOT NULL,
  "streets" TEXT[],
  CONSTRAINT "zone_pkey" PRIMARY KEY ("season", "id")
);
CREATE INDEX "zone_streets_idx" ON "zone" USING GIN ("streets");

-- Personal data handed out: to whom, what for, of how many children.
CREATE TABLE "disclosure" (
  "id" BIGSERIAL NOT NULL,
  "season" TEXT NOT NULL,
  "by" TEXT NOT NULL,
  "purpose" TEXT NOT NULL,
  "children" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "disclosure_pkey" PRIMARY KEY ("id")
);
