-- What administrators keep: links by which a person sets a password, services, holidays; and what they need to know of a session.
create table access_links (
  -- SHA-256 of the token: the token itself is only in the link.
  token_hash bytea primary key,
  person_id uuid not null references people (id),
  kind text not null,
  -- Null: made by a command on the host.
  made_by uuid references people (id),
  made_at timestamptz not null,
  expires_at timestamptz not null
);
create index idx_access_links_person_id on access_links (person_id);

create table services (
  id uuid primary key,
  name text not null,
  name_folded text not null unique,
  description text not null,
  team_id uuid references teams (id),
  put_away_at timestamptz,
  created_at timestamptz not null
);
create index idx_services_team_id on services (team_id);

create table incident_services (
  incident_id uuid not null references incidents (id),
  service_id uuid not null references services (id),
  primary key (incident_id, service_id)
);
create index idx_incident_services_service_id on incident_services (service_id, incident_id);

create table calendars (
  id uuid primary key,
  name text not null,
  name_folded text not null unique,
  created_at timestamptz not null
);

create table holidays (
  calendar_id uuid not null references calendars (id),
  day date not null,
  name text not null,
  primary key (calendar_id, day)
);

alter table people add column calendar_id uuid references calendars (id);
create index idx_people_calendar_id on people (calendar_id);
alter table teams add column put_away_at timestamptz;
-- "Firefox on Linux": tells a person their own sessions apart; no address, no version.
alter table sessions add column device text not null default '';
