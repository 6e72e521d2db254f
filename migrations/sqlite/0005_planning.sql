-- Behind the wall: when it opens, and mitigation items.
create table walls (
  incident_id blob primary key references incidents (id),
  opens_at text,
  opened_early_at text,
  opened_by blob references people (id),
  reason text not null
) strict;

create table items (
  id blob primary key,
  incident_id blob not null references incidents (id),
  title text not null,
  body text not null,
  owner_id blob references people (id),
  due_on text,
  effect text not null,
  state text not null,
  reason text not null,
  parked_id blob references parked (id),
  position integer not null,
  created_by blob references people (id),
  created_at text not null,
  version integer not null
) strict;
create index idx_items_incident_id on items (incident_id, position);
create index idx_items_owner_id on items (owner_id, state);

create table item_factors (
  item_id blob not null references items (id),
  factor_id blob not null references factors (id) on delete cascade,
  primary key (item_id, factor_id)
) strict;

create table item_learnings (
  item_id blob not null references items (id),
  learning_id blob not null references learnings (id) on delete cascade,
  primary key (item_id, learning_id)
) strict;
