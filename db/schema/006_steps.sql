-- Updates of the weights that an epoch made; null of epochs from before, and of programs that do not say.

alter table epoch add column steps integer;
