-- When a form was first filed. Of those that stand the last filing is all that is known.
ALTER TABLE "form" ADD COLUMN "registered_at" TIMESTAMPTZ(3);
UPDATE "form" SET "registered_at" = "received_at";
ALTER TABLE "form" ALTER COLUMN "registered_at" SET NOT NULL;
