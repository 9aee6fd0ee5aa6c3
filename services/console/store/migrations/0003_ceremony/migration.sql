-- How far the ceremony of a round is, and the groups that its check has held back.
ALTER TABLE "round" ADD COLUMN "run" INTEGER;
ALTER TABLE "round" ADD COLUMN "step" TEXT;
ALTER TABLE "round" ADD COLUMN "held" TEXT[];
