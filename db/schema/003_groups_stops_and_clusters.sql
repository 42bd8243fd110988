-- Runs know their group (the same run with other seeds), may be stopped by a rule, and may be with
-- a cluster's scheduler. SQLite cannot change a check, so two tables are made again.

create table run_new (
  id                   integer primary key,
  identity             text not null unique check (length(identity) = 64),
  group_identity       text not null default '',  -- empty in runs from before there were groups
  experiment           text not null,
  experiment_version   integer not null,
  seed                 integer not null,
  epochs               integer not null check (epochs > 0),
  status               text not null
    check (status in ('queued', 'running', 'finished', 'failed', 'interrupted', 'stopped')),
  data_fingerprint     text not null,
  weights_fingerprint  text not null,
  code_version         text not null,
  created_at           real not null,
  started_at           real,
  ended_at             real,
  error                text
) strict;
insert into run_new (id, identity, experiment, experiment_version, seed, epochs, status,
                     data_fingerprint, weights_fingerprint, code_version, created_at, started_at,
                     ended_at, error)
  select id, identity, experiment, experiment_version, seed, epochs, status, data_fingerprint,
         weights_fingerprint, code_version, created_at, started_at, ended_at, error from run;
drop table run;
alter table run_new rename to run;
create index run_by_status on run (status);
create index run_by_group on run (group_identity);

create table attempt_new (
  id             integer primary key,
  run_id         integer not null references run (id) on delete cascade,
  host_id        integer not null references host (id),
  pid            integer not null,
  pid_start      integer not null,
  device         text not null default '',
  threads        integer not null,
  libraries      text not null,
  started_at     real not null,
  heartbeat_at   real not null,
  ended_at       real,
  end_reason     text
    check (end_reason in ('finished', 'failed', 'interrupted', 'crashed', 'lost', 'stopped')),
  first_epoch    integer,
  last_epoch     integer,
  doing_epoch    integer,
  done_samples   integer,
  total_samples  integer
) strict;
insert into attempt_new select * from attempt;
drop table attempt;
alter table attempt_new rename to attempt;
create index attempt_by_run on attempt (run_id);

-- A job array that a scheduler holds; ended_at is set once its shards are merged.
create table cluster_job (
  id           integer primary key,
  scheduler    text not null check (scheduler in ('slurm')),
  job          text not null,
  folder       text not null,
  submitted_at real not null,
  ended_at     real
) strict;

create table cluster_task (
  job_id integer not null references cluster_job (id) on delete cascade,
  run_id integer not null references run (id) on delete cascade,
  task   integer not null,
  primary key (job_id, run_id)
) strict, without rowid;
create index cluster_task_by_run on cluster_task (run_id);
