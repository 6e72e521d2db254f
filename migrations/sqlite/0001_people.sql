-- People, teams, sessions, and what must be remembered about the instance itself.
create table settings (
  key text primary key,
  value text not null
) strict;

create table teams (
  id blob primary key,
  name text not null,
  name_folded text not null unique,
  created_at text not null
) strict;

create table people (
  id blob primary key,
  name text not null,
  name_folded text not null,
  -- Null for people who only ever come by a personal link.
  email text,
  email_folded text unique,
  password_hash text,
  is_member integer not null,
  is_leadership integer not null,
  is_administrator integer not null,
  may_facilitate integer not null,
  team_id blob references teams (id),
  manager_id blob references people (id),
  zone text not null,
  -- Minutes after midnight in their own zone.
  work_starts integer not null,
  work_ends integer not null,
  -- Bit 0 is Monday.
  work_days integer not null,
  theme text not null,
  deactivated_at text,
  created_at text not null
) strict;
create index idx_people_name_folded on people (name_folded);
create index idx_people_team_id on people (team_id);
create index idx_people_manager_id on people (manager_id);

create table sessions (
  -- SHA-256 of the token: the token itself is only in the browser.
  token_hash blob primary key,
  person_id blob not null references people (id),
  -- Set when the session was begun by a personal link: this one conversation is all it opens.
  invitation_id blob,
  created_at text not null,
  last_seen_at text not null,
  expires_at text not null
) strict;
create index idx_sessions_person_id on sessions (person_id);
create index idx_sessions_expires_at on sessions (expires_at);

-- Counters against guessing, in the database so that several processes share them.
create table attempts (
  id blob primary key,
  bucket text not null,
  at text not null
) strict;
create index idx_attempts_bucket on attempts (bucket, at);

-- Who did what; never content. Each entry is chained to the one before it.
create table audit (
  number integer primary key,
  at text not null,
  actor_id blob,
  action text not null,
  object text not null,
  incident_id blob,
  hash blob not null
) strict;
create index idx_audit_incident_id on audit (incident_id);
