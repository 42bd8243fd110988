-- Metrics sample by sample of the validation set, so that reports can compare two runs on the same
-- samples; and how far a run had come at each epoch.

-- Which samples a validation measured, as the experiment identifies them.
create table validation_set (
  id          integer primary key,
  fingerprint text not null unique
) strict;

create table sample_values (
  id      integer primary key,
  run_id  integer not null,
  epoch   integer not null,
  name_id integer not null references metric_name (id),
  set_id  integer not null references validation_set (id),
  count   integer not null check (count > 0),
  vals    blob not null check (length(vals) = 8 * count),  -- IEEE 754, 8 bytes each, little endian
  unique (run_id, epoch, name_id),
  foreign key (run_id, epoch) references epoch (run_id, number) on delete cascade
) strict;

-- The function is epochal's own: other programs read the tables, and this view through `epochal
-- sql`. Samples count from 1.
create view validation_samples as
  with recursive place (n) as (
    select 0 union all
    select n + 1 from place where n + 1 < (select max(count) from sample_values))
  select substr(run.identity, 1, 10) as run, run.experiment, run.seed, sample_values.epoch,
         metric_name.name as metric, place.n + 1 as sample, step_value(vals, place.n) as value,
         validation_set.fingerprint as validation_set
  from sample_values
  join run on run.id = sample_values.run_id
  join metric_name on metric_name.id = sample_values.name_id
  join validation_set on validation_set.id = sample_values.set_id
  join place on place.n < sample_values.count
  where run.trashed_at is null;

-- A sum is unknown once an epoch does not say its own part; 0 samples are of a program that does not.
create view epochs as
  select substr(run.identity, 1, 10) as run, run.experiment, run.seed, epoch.number as epoch,
         epoch.seconds, epoch.samples, epoch.steps,
         iif(count(epoch.steps) over so_far = count(*) over so_far,
             sum(epoch.steps) over so_far, null) as total_steps,
         iif(min(epoch.samples) over so_far > 0, sum(epoch.samples) over so_far, null)
           as total_images,
         sum(epoch.seconds) over so_far as total_seconds,
         epoch.learning_rate
  from run
  join epoch on epoch.run_id = run.id
  where run.trashed_at is null
  window so_far as (partition by run.id order by epoch.number);
