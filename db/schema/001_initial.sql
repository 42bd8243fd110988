-- The first schema. Times are seconds since 1970-01-01 UTC; durations are seconds; sizes are bytes.
-- A row exists only for what was measured: an absent metric has no row, and a metric row whose
-- value is NULL is NaN (SQLite has no NaN). Infinities are stored as themselves.

create table sweep (
  id           integer primary key,
  name         text not null,
  content_hash text not null,
  file         text not null,
  text         text not null,
  overrides    text not null default '[]',
  compare_by   text not null default '',
  recorded_at  real not null
) strict;
create unique index sweep_by_content on sweep (name, content_hash);

create table run (
  id                   integer primary key,
  identity             text not null unique check (length(identity) = 64),
  experiment           text not null,
  experiment_version   integer not null,
  seed                 integer not null,
  epochs               integer not null check (epochs > 0),
  status               text not null
    check (status in ('queued', 'running', 'finished', 'failed', 'interrupted')),
  data_fingerprint     text not null,
  weights_fingerprint  text not null,
  code_version         text not null,
  created_at           real not null,
  started_at           real,
  ended_at             real,
  error                text
) strict;
create index run_by_status on run (status);

create table sweep_run (
  sweep_id integer not null references sweep (id) on delete cascade,
  run_id   integer not null references run (id) on delete cascade,
  position integer not null,
  primary key (sweep_id, run_id)
) strict, without rowid;
create index sweep_run_by_run on sweep_run (run_id);

create table parameter (
  run_id integer not null references run (id) on delete cascade,
  name   text not null,
  type   text not null check (type in ('boolean', 'integer', 'real', 'text')),
  value  any not null,
  primary key (run_id, name)
) strict, without rowid;

create table host (
  id           integer primary key,
  fingerprint  text not null unique,
  name         text not null,
  cpu          text not null,
  cores        integer not null,
  memory_bytes integer not null,
  gpu          text,
  gpu_memory_bytes integer,
  gpu_driver   text,
  os           text not null
) strict;

create table attempt (
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
    check (end_reason in ('finished', 'failed', 'interrupted', 'crashed', 'lost')),
  first_epoch    integer,
  last_epoch     integer,
  doing_epoch    integer,
  done_samples   integer,
  total_samples  integer
) strict;
create index attempt_by_run on attempt (run_id);

create table epoch (
  run_id            integer not null references run (id) on delete cascade,
  number            integer not null check (number > 0),
  attempt_id        integer not null references attempt (id),
  started_at        real not null,
  seconds           real not null,
  train_seconds     real not null,
  data_wait_seconds real not null,
  samples           integer not null,
  learning_rate     real,
  peak_host_bytes   integer,
  peak_device_bytes integer,
  primary key (run_id, number)
) strict, without rowid;

create table metric_name (
  id   integer primary key,
  name text not null unique
) strict;

create table metric (
  run_id    integer not null,
  name_id   integer not null references metric_name (id),
  epoch     integer not null,
  value     real,
  primary key (run_id, name_id, epoch),
  foreign key (run_id, epoch) references epoch (run_id, number) on delete cascade
) strict, without rowid;

create table artifact (
  id      integer primary key,
  run_id  integer not null references run (id) on delete cascade,
  epoch   integer,
  kind    text not null check (kind in ('checkpoint', 'sample', 'log')),
  name    text not null,
  caption text not null default '',
  path    text not null unique,
  sha256  text,
  bytes   integer
) strict;
create index artifact_by_run on artifact (run_id, kind, epoch);

create table event (
  id     integer primary key,
  run_id integer references run (id) on delete cascade,
  at     real not null,
  kind   text not null,
  text   text not null
) strict;
create index event_by_run on event (run_id);

create table tag (
  run_id integer not null references run (id) on delete cascade,
  name   text not null,
  value  text not null default '',
  primary key (run_id, name)
) strict, without rowid;

create table note (
  id     integer primary key,
  run_id integer not null references run (id) on delete cascade,
  at     real not null,
  text   text not null
) strict;
create index note_by_run on note (run_id);
