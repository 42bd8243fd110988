-- What lists and filters ask for most is kept ready beside the rows that it follows from; runs may
-- lie in the trash; attempts say where they come from; and what was busy while a run trained.

alter table run add column epochs_done integer not null default 0;
alter table run add column trained_seconds real not null default 0;
alter table run add column trashed_at real;
update run set
  epochs_done = (select count(*) from epoch where run_id = run.id),
  trained_seconds = (select coalesce(sum(seconds), 0) from epoch where run_id = run.id);

-- Of each metric of each run. NaN is NULL, as in metric: it is never the lowest or highest, and it
-- makes the total NaN.
create table metric_summary (
  run_id        integer not null references run (id) on delete cascade,
  name_id       integer not null references metric_name (id),
  last          real,
  last_epoch    integer not null,
  lowest        real,
  lowest_epoch  integer,
  highest       real,
  highest_epoch integer,
  total         real,
  count         integer not null,
  primary key (run_id, name_id)
) strict, without rowid;
create index metric_summary_by_last on metric_summary (name_id, last);

insert into metric_summary (name_id, run_id, last, last_epoch, lowest, lowest_epoch, highest,
                            highest_epoch, total, count)
  select name_id, run_id,
         (select value from metric as m where m.run_id = metric.run_id
            and m.name_id = metric.name_id order by epoch desc limit 1),
         max(epoch),
         min(value),
         (select epoch from metric as m where m.run_id = metric.run_id
            and m.name_id = metric.name_id and value is not null order by value, epoch limit 1),
         max(value),
         (select epoch from metric as m where m.run_id = metric.run_id
            and m.name_id = metric.name_id and value is not null
            order by value desc, epoch limit 1),
         case when count(value) = count(*) then sum(value) end,
         count(*)
  from metric group by run_id, name_id;

create index parameter_by_value on parameter (name, value, type);
create index tag_by_name on tag (name, value);
create index run_by_experiment on run (experiment);
create index attempt_open on attempt (run_id) where ended_at is null;

alter table attempt add column command text not null default '';
alter table attempt add column directory text not null default '';
alter table attempt add column git_commit text not null default '';
alter table attempt add column git_is_dirty integer not null default 0;
alter table attempt add column environment text not null default '{}';

-- Means over an epoch, of 1 where all cores that the run may use are busy; absent where the machine
-- does not tell.
alter table epoch add column cpu_use real;
alter table epoch add column gpu_use real;

-- At most a few dozen points an epoch, each a mean over its share of it.
create table utilisation (
  run_id     integer not null,
  epoch      integer not null,
  seconds    real not null,   -- since the epoch began, of the middle of the point's share
  cpu        real,
  host_bytes integer,
  gpu        real,
  gpu_bytes  integer,
  primary key (run_id, epoch, seconds),
  foreign key (run_id, epoch) references epoch (run_id, number) on delete cascade
) strict, without rowid;

-- SQLite cannot change a check, so the table is made again.
create table artifact_new (
  id      integer primary key,
  run_id  integer not null references run (id) on delete cascade,
  epoch   integer,
  kind    text not null check (kind in ('checkpoint', 'sample', 'log', 'diff')),
  name    text not null,
  caption text not null default '',
  path    text not null unique,
  sha256  text,
  bytes   integer
) strict;
insert into artifact_new select * from artifact;
drop table artifact;
alter table artifact_new rename to artifact;
create index artifact_by_run on artifact (run_id, kind, epoch);

-- For `epochal sql` and other tools. These views keep their columns whatever becomes of the tables.
create view runs as
  select substr(run.identity, 1, 10) as run, run.identity, run.group_identity, run.experiment,
         run.seed, run.status, run.epochs, run.epochs_done, run.trained_seconds as seconds,
         run.created_at as created, run.started_at as started, run.ended_at as ended, run.error,
         host.name as host, attempt.device, attempt.git_commit, run.code_version,
         (select json_group_object(name, case type when 'boolean'
                   then json(case value when 0 then 'false' else 'true' end) else value end)
            from parameter where run_id = run.id) as params,
         -- JSON has no infinity: it stands as a text.
         (select json_group_object(metric_name.name,
                   case when abs(last) > 1.7976931348623157e308 then cast(last as text)
                        else last end)
            from metric_summary join metric_name on metric_name.id = name_id
            where run_id = run.id) as metrics,
         (select json_group_object(name, value) from tag where run_id = run.id) as tags
  from run
  left join attempt on attempt.id = (select max(id) from attempt where run_id = run.id)
  left join host on host.id = attempt.host_id
  where run.trashed_at is null;

create view curves as
  select substr(run.identity, 1, 10) as run, run.experiment, run.seed, metric.epoch,
         metric_name.name as metric, metric.value
  from run
  join metric on metric.run_id = run.id
  join metric_name on metric_name.id = metric.name_id
  where run.trashed_at is null;

create view best_epochs as
  select substr(run.identity, 1, 10) as run, run.experiment, run.seed, metric_name.name as metric,
         lowest_epoch as epoch, lowest as value
  from run
  join metric_summary on metric_summary.run_id = run.id
  join metric_name on metric_name.id = metric_summary.name_id
  where run.trashed_at is null and lowest is not null;
