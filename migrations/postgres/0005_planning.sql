-- Behind the wall: when it opens, and mitigation items.
create table walls (
  incident_id uuid primary key references incidents (id),
  opens_at timestamptz,
  opened_early_at timestamptz,
  opened_by uuid references people (id),
  reason text not null
);

create table items (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  title text not null,
  body text not null,
  owner_id uuid references people (id),
  due_on date,
  effect text not null,
  state text not null,
  reason text not null,
  parked_id uuid references parked (id),
  position bigint not null,
  created_by uuid references people (id),
  created_at timestamptz not null,
  version bigint not null
);
create index idx_items_incident_id on items (incident_id, position);
create index idx_items_owner_id on items (owner_id, state);

create table item_factors (
  item_id uuid not null references items (id),
  factor_id uuid not null references factors (id) on delete cascade,
  primary key (item_id, factor_id)
);

create table item_learnings (
  item_id uuid not null references items (id),
  learning_id uuid not null references learnings (id) on delete cascade,
  primary key (item_id, learning_id)
);
