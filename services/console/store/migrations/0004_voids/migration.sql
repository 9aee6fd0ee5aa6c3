-- The last run of a round that officers have declared void.
ALTER TABLE "round" ADD COLUMN "void_run" INTEGER;
