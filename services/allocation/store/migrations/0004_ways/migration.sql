-- The way in which a desk placed a disabled child; none is a seat like any other.
ALTER TABLE "arrangement" ADD COLUMN "way" TEXT;
ALTER TABLE "seat"
  ADD COLUMN "way" TEXT,
  ADD CONSTRAINT "seat_way_of_desk" CHECK ("way" IS NULL OR "basis" IS NOT DISTINCT FROM 'arrangement');
