-- Named areas of the policy, with the addresses that lie in them.
CREATE TABLE "named_place" (
  "season" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "addresses" JSONB NOT NULL,
  CONSTRAINT "named_place_pkey" PRIMARY KEY ("season", "id")
);
