-- Papers of ends without a seat, with their reason, and of a desk's ways.
ALTER TABLE "paper" ADD COLUMN "way" TEXT;
ALTER TABLE "paper" ADD COLUMN "reason" TEXT;
ALTER TABLE "paper" DROP CONSTRAINT "paper_kind_known";
ALTER TABLE "paper" ADD CONSTRAINT "paper_kind_known"
  CHECK ("kind" IN ('place-notice', 'admission-letter', 'result', 'arrangement', 'end', 'reminder'));
ALTER TABLE "paper" ADD CONSTRAINT "paper_way_known" CHECK ("way" IN ('inclusive-class', 'home-teaching', 'deferral'));
