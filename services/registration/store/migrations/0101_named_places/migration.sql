-- Named areas of the policy, as allocation published them.
CREATE TABLE "named_place" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "addresses" JSONB NOT NULL,
  "streets" TEXT[],
  CONSTRAINT "named_place_pkey" PRIMARY KEY ("season", "id")
);
ALTER TABLE "catalogue" ADD COLUMN "places" INTEGER NOT NULL DEFAULT 0;
