-- What experiments declare of their numbers is kept with the runs, so that a store is read without
-- the plugins; attempts know the build of their experiment; and runs what `auto` came to.

create table declared_metric (
  experiment     text not null,
  version        integer not null,
  name           text not null,
  better         text check (better in ('lower', 'higher')),  -- null: it has no direction
  doc            text not null default '',
  unit           text not null default '',
  is_objective   integer not null default 0,
  independent_of text not null default '[]',  -- objective parameters that do not change its meaning
  primary key (experiment, version, name)
) strict, without rowid;
create unique index objective_by_experiment on declared_metric (experiment, version)
  where is_objective = 1;

-- Parameters whose value changes what the objective means.
create table objective_parameter (
  experiment text not null,
  version    integer not null,
  name       text not null,
  primary key (experiment, version, name)
) strict, without rowid;

-- The experiments that epochal brings said this of all their versions.
create temp table known_metric (experiment text, name text, doc text, is_objective integer,
                                independent_of text);
insert into known_metric values
  ('adain', 'val.total', 'content and gamma times style, of validation', 1, '[]'),
  ('adain', 'val.content',
   'distance of features to those that AdaIN asks for, of validation', 0, '["gamma"]'),
  ('adain', 'val.style',
   'distance of the features'' means and deviations to the style''s, of validation', 0,
   '["gamma"]'),
  ('adain', 'train.total', 'content and gamma times style, of training', 0, '[]'),
  ('adain', 'train.content',
   'distance of features to those that AdaIN asks for, of training', 0, '["gamma"]'),
  ('adain', 'train.style',
   'distance of the features'' means and deviations to the style''s, of training', 0, '["gamma"]'),
  ('encoder', 'val.loss', 'sum of what is unexplained at all levels, of validation', 1, '[]'),
  ('encoder', 'train.loss', 'sum of what is unexplained at all levels, of training', 0, '[]'),
  ('encoder', 'val.unexplained.relu1_1', 'share of the variance that is left', 0, '[]'),
  ('encoder', 'val.unexplained.relu2_1', 'share of the variance that is left', 0, '[]'),
  ('encoder', 'val.unexplained.relu3_1', 'share of the variance that is left', 0, '[]'),
  ('encoder', 'val.unexplained.relu4_1', 'share of the variance that is left', 0, '[]'),
  ('encoder', 'train.unexplained.relu1_1', 'share of the variance that is left', 0, '[]'),
  ('encoder', 'train.unexplained.relu2_1', 'share of the variance that is left', 0, '[]'),
  ('encoder', 'train.unexplained.relu3_1', 'share of the variance that is left', 0, '[]'),
  ('encoder', 'train.unexplained.relu4_1', 'share of the variance that is left', 0, '[]'),
  ('noop', 'val.loss', 'pretended loss of validation', 1, '[]'),
  ('noop', 'train.loss', 'pretended loss of training', 0, '[]');
insert into declared_metric (experiment, version, name, better, doc, is_objective, independent_of)
  select distinct run.experiment, run.experiment_version, known.name, 'lower', known.doc,
         known.is_objective, known.independent_of
  from run join known_metric as known on known.experiment = run.experiment;
drop table known_metric;

create temp table known_parameter (experiment text, name text);
insert into known_parameter values
  ('adain', 'content'), ('adain', 'style'), ('adain', 'validation_size'), ('adain', 'subset_seed'),
  ('adain', 'image_size'), ('adain', 'resize'), ('adain', 'encoder'), ('adain', 'loss_encoder'),
  ('adain', 'encoder_seed'), ('adain', 'width_divisor'), ('adain', 'gamma'),
  ('encoder', 'teacher'), ('encoder', 'images'), ('encoder', 'validation_size'),
  ('encoder', 'subset_seed'), ('encoder', 'image_size');
insert into objective_parameter (experiment, version, name)
  select distinct run.experiment, run.experiment_version, known.name
  from run join known_parameter as known on known.experiment = run.experiment;
drop table known_parameter;

-- A hash of the experiment's code; empty in records from before.
alter table attempt add column build text not null default '';

-- What a parameter's `auto` came to when the run was begun; it keeps that.
create table choice (
  run_id    integer not null references run (id) on delete cascade,
  parameter text not null,
  value     text not null,
  primary key (run_id, parameter)
) strict, without rowid;

-- The best is that of the declared direction: a metric without one has none.
drop view best_epochs;
create view best_epochs as
  select substr(run.identity, 1, 10) as run, run.experiment, run.seed, metric_name.name as metric,
         iif(declared.better = 'higher', highest_epoch, lowest_epoch) as epoch,
         iif(declared.better = 'higher', highest, lowest) as value
  from run
  join metric_summary on metric_summary.run_id = run.id
  join metric_name on metric_name.id = metric_summary.name_id
  join declared_metric as declared on declared.experiment = run.experiment
    and declared.version = run.experiment_version and declared.name = metric_name.name
    and declared.better in ('lower', 'higher')
  where run.trashed_at is null and lowest is not null;
