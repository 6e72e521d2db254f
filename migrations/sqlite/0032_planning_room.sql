-- The planning room: options weighed before they are decided, whether it helped, ideas in groups and ideas that are the same.
alter table items add column harder text not null default '';
-- hours, days, weeks, months; empty: not said.
alter table items add column effort text not null default '';
-- An address in the tracker of whoever does it; empty: none.
alter table items add column tracker text not null default '';
-- Null while it is an option.
alter table items add column decided_at text;
-- Null unless it is done, and for what was done before this was kept.
alter table items add column done_at text;
create index idx_item_factors_factor_id on item_factors (factor_id);

-- Did it help? Asked weeks after; each answer stays.
create table item_answers (
  id blob primary key,
  item_id blob not null references items (id),
  -- yes, partly, no, too-early.
  verdict text not null,
  words text not null,
  answered_by blob references people (id),
  answered_at text not null
) strict;
create index idx_item_answers_item_id on item_answers (item_id, answered_at);
create index idx_item_answers_answered_by on item_answers (answered_by);

create table idea_groups (
  id blob primary key,
  incident_id blob not null references incidents (id),
  name_sealed blob not null,
  created_at text not null
) strict;
create index idx_idea_groups_incident_id on idea_groups (incident_id, created_at);

alter table parked add column group_id blob references idea_groups (id) on delete set null;
-- The idea that stands for this one, too.
alter table parked add column stands_under blob references parked (id) on delete set null;
-- Words of thanks to its author, when it was dropped; null: the usual ones.
alter table parked add column thanks_sealed blob;
create index idx_parked_group_id on parked (group_id);
create index idx_parked_stands_under on parked (stands_under);
