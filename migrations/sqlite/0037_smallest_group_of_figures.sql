-- Which smallest group was asked for when a figure was released: one that is raised later leaves the sum of an older figure and not its parts.
alter table released_cells add column smallest integer not null default 5;
