-- Which process made an attempt, beyond its pid: of which boot of a machine, and of which container.
-- Empty and 0 in records from before.

alter table attempt add column boot text not null default '';
alter table attempt add column pid_namespace integer not null default 0;
