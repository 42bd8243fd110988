-- Metrics by step within an epoch: chunks of a column, up to 1,024 values each.

create table step_chunk (
  id         integer primary key,
  run_id     integer not null references run (id) on delete cascade,
  name_id    integer not null references metric_name (id),
  epoch      integer not null,              -- in which they were said
  first_step integer not null,
  last_step  integer not null,
  stride     integer not null,              -- between two steps; 0: they stand in `steps`
  count      integer not null check (count between 1 and 1024),
  steps      blob,                          -- 8 bytes each, little endian
  vals       blob not null,                 -- IEEE 754, 8 bytes each, little endian
  unique (run_id, name_id, first_step)
) strict;

-- The functions are epochal's own: other programs read the tables, and this view through
-- `epochal sql`.
create view steps as
  with recursive place (n) as (select 0 union all select n + 1 from place where n < 1023)
  select substr(run.identity, 1, 10) as run, run.experiment, run.seed, step_chunk.epoch,
         metric_name.name as metric, step_number(first_step, stride, steps, n) as step,
         step_value(vals, n) as value
  from step_chunk
  join run on run.id = step_chunk.run_id
  join metric_name on metric_name.id = step_chunk.name_id
  join place on place.n < step_chunk.count
  where run.trashed_at is null;
