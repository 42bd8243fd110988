-- What `epochal forecast` saw taken of a GPU's memory; null without one.

alter table forecast add column peak_device_bytes integer;
