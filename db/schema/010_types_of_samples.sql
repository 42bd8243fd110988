-- What a sample shows or holds: 'picture', 'text', 'table', 'audio', 'histogram', 'model' or 'file';
-- null of other kinds. There is no check, so that a later type needs no new table. Samples of before
-- are pictures: nothing else was kept.

alter table artifact add column type text;
update artifact set type = 'picture' where kind = 'sample';
