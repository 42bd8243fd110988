-- What `epochal forecast` foresaw. Kept by identity, since a run may be foreseen before any sweep
-- has asked for it.

create table forecast (
  id           integer primary key,
  identity     text not null check (length(identity) = 64),
  made_at      real not null,
  host         text not null,
  device       text not null,
  threads      integer not null,
  epochs       integer not null check (epochs > 0),
  seconds      real not null,
  peak_bytes   integer not null
) strict;
create index forecast_by_identity on forecast (identity, made_at);
