-- Incidents, their timeline, their learnings and factors, and the documents that they came from.
create table incidents (
  id blob primary key,
  number integer not null unique,
  title text not null,
  -- Title, summary and key folded in Rust: what the list searches.
  search_folded text not null,
  summary text not null,
  severity integer not null,
  state text not null,
  team_id blob references teams (id),
  started_at text not null,
  detected_at text,
  resolved_at text,
  zone text not null,
  origin text not null,
  -- Names an imported document, so that a second import changes nothing.
  origin_key text unique,
  origin_hash blob,
  created_by blob references people (id),
  created_at text not null,
  -- Moves with the incident, its timeline and its state.
  changed_at text not null,
  published_at text,
  version integer not null
) strict;
create index idx_incidents_started_at on incidents (started_at, number);
create index idx_incidents_changed_at on incidents (changed_at, number);
create index idx_incidents_origin_hash on incidents (origin_hash);
create index idx_incidents_team_id on incidents (team_id, started_at, number);
create index idx_incidents_state on incidents (state, started_at, number);
create index idx_incidents_severity on incidents (severity, started_at, number);

-- The key that this incident's confidential text is encrypted with, wrapped by the instance key.
create table incident_keys (
  incident_id blob primary key references incidents (id),
  wrapped blob not null,
  instance_key_id text not null
) strict;

create table incident_roles (
  incident_id blob not null references incidents (id),
  person_id blob not null references people (id),
  role text not null,
  appointed_by blob references people (id),
  appointed_at text not null,
  primary key (incident_id, person_id, role)
) strict;
create index idx_incident_roles_person_id on incident_roles (person_id, role);

create table sources (
  id blob primary key,
  incident_id blob not null references incidents (id),
  name text not null,
  body_sealed blob not null,
  added_by blob references people (id),
  added_at text not null
) strict;
create index idx_sources_incident_id on sources (incident_id);

create table events (
  id blob primary key,
  incident_id blob not null references incidents (id),
  at text,
  ends_at text,
  time_precision text not null,
  as_written text not null,
  zone text not null,
  kind text not null,
  body text not null,
  flag text not null,
  position integer not null,
  created_by blob references people (id),
  created_at text not null,
  -- Set by delete; undo clears it.
  deleted_at text,
  version integer not null
) strict;
create index idx_events_incident_id on events (incident_id, at, position);

create table factors (
  id blob primary key,
  incident_id blob not null references incidents (id),
  category text not null,
  body text not null,
  position integer not null,
  created_at text not null,
  version integer not null
) strict;
create index idx_factors_incident_id on factors (incident_id, position);
create index idx_factors_category on factors (category, incident_id);

create table learnings (
  id blob primary key,
  incident_id blob not null references incidents (id),
  kind text not null,
  body text not null,
  body_before text not null,
  worded_as_plan integer not null,
  position integer not null,
  created_at text not null,
  version integer not null
) strict;
create index idx_learnings_incident_id on learnings (incident_id, position);
