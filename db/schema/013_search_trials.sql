-- The trials of adaptive searches: which points were asked for, when, and what was known by then.

create table search_trial (
  sweep_id integer not null references sweep (id) on delete cascade,
  number   integer not null check (number >= 0),
  run_id   integer references run (id) on delete set null,  -- null: not queued yet, or deleted
  asked_at real not null,
  point    text not null,      -- the parameters that take part, as a JSON object
  method   text not null check (method in ('startup', 'model')),
  ended    text not null,      -- the trials that it has learned from: '0-29,31'
  running  text not null,      -- the trials that had no result yet
  primary key (sweep_id, number)
) strict, without rowid;
create index search_trial_by_run on search_trial (run_id);
