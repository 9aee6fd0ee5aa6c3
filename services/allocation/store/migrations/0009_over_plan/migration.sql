-- A seat over plan is there for the one child that a round gave it to, and goes with it: it is never free.
ALTER TABLE "seat" ADD CONSTRAINT "seat_over_plan_has_reason" CHECK (trim("overflow") <> '');
CREATE INDEX "seat_over_plan" ON "seat" ("season", "school", "ordinal") WHERE "overflow" IS NOT NULL;

CREATE FUNCTION "drop_seat_over_plan"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "seat" WHERE "season" = NEW."season" AND "school" = NEW."school" AND "ordinal" = NEW."ordinal";
  RETURN NULL;
END $$;
CREATE TRIGGER "seat_over_plan_goes" AFTER INSERT OR UPDATE ON "seat"
  FOR EACH ROW WHEN (NEW."overflow" IS NOT NULL AND NEW."child" IS NULL) EXECUTE FUNCTION "drop_seat_over_plan"();

-- No school has both a free seat and a child over plan: the child is on that seat from then on. It keeps its row, so that
-- nobody who is about to change that loses it, and the free row goes.
CREATE FUNCTION "bring_back_to_plan"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  "over" INTEGER;
  "free" INTEGER;
BEGIN
  SELECT "ordinal" INTO "over" FROM "seat"
    WHERE "season" = NEW."season" AND "school" = NEW."school" AND "overflow" IS NOT NULL AND "child" IS NOT NULL
    ORDER BY "ordinal" LIMIT 1 FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  SELECT "ordinal" INTO "free" FROM "seat"
    WHERE "season" = NEW."season" AND "school" = NEW."school" AND "overflow" IS NULL AND "child" IS NULL AND "reserved_for" IS NULL
    ORDER BY "ordinal" LIMIT 1 FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  DELETE FROM "seat" WHERE "season" = NEW."season" AND "school" = NEW."school" AND "ordinal" = "free";
  UPDATE "seat" SET "overflow" = NULL WHERE "season" = NEW."season" AND "school" = NEW."school" AND "ordinal" = "over";
  RETURN NULL;
END $$;
CREATE TRIGGER "seat_of_plan_freed" AFTER UPDATE ON "seat"
  FOR EACH ROW WHEN (NEW."overflow" IS NULL AND NEW."child" IS NULL AND NEW."reserved_for" IS NULL
    AND (OLD."child" IS NOT NULL OR OLD."reserved_for" IS NOT NULL)) EXECUTE FUNCTION "bring_back_to_plan"();
CREATE TRIGGER "seat_over_plan_given" AFTER INSERT ON "seat"
  FOR EACH ROW WHEN (NEW."overflow" IS NOT NULL AND NEW."child" IS NOT NULL) EXECUTE FUNCTION "bring_back_to_plan"();
