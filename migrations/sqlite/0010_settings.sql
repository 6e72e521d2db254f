-- What administrators keep: links by which a person sets a password, services, holidays; and what they need to know of a session.
create table access_links (
  -- SHA-256 of the token: the token itself is only in the link.
  token_hash blob primary key,
  person_id blob not null references people (id),
  kind text not null,
  -- Null: made by a command on the host.
  made_by blob references people (id),
  made_at text not null,
  expires_at text not null
) strict;
create index idx_access_links_person_id on access_links (person_id);

create table services (
  id blob primary key,
  name text not null,
  name_folded text not null unique,
  description text not null,
  team_id blob references teams (id),
  put_away_at text,
  created_at text not null
) strict;
create index idx_services_team_id on services (team_id);

create table incident_services (
  incident_id blob not null references incidents (id),
  service_id blob not null references services (id),
  primary key (incident_id, service_id)
) strict;
create index idx_incident_services_service_id on incident_services (service_id, incident_id);

create table calendars (
  id blob primary key,
  name text not null,
  name_folded text not null unique,
  created_at text not null
) strict;

create table holidays (
  calendar_id blob not null references calendars (id),
  day text not null,
  name text not null,
  primary key (calendar_id, day)
) strict;

alter table people add column calendar_id blob references calendars (id);
create index idx_people_calendar_id on people (calendar_id);
alter table teams add column put_away_at text;
-- "Firefox on Linux": tells a person their own sessions apart; no address, no version.
alter table sessions add column device text not null default '';
