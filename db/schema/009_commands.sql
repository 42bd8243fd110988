-- Runs of programs: what their sweep declared of the program, as JSON, so that a worker that has
-- nothing but the store can run it.

create table command (
  id          integer primary key,
  declaration text not null unique
) strict;

create table run_command (
  run_id     integer primary key references run (id) on delete cascade,
  command_id integer not null references command (id)
) strict;
