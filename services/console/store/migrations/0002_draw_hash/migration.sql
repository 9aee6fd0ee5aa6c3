-- What a round came to is told by the hash of its draw's transcript; the seeds stand in that.
ALTER TABLE "round" ADD COLUMN "hash" TEXT;
ALTER TABLE "round" DROP COLUMN "seed";
