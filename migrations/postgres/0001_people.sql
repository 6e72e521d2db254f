-- People, teams, sessions, and what must be remembered about the instance itself.
create table settings (
  key text primary key,
  value text not null
);

create table teams (
  id uuid primary key,
  name text not null,
  name_folded text not null unique,
  created_at timestamptz not null
);

create table people (
  id uuid primary key,
  name text not null,
  name_folded text not null,
  -- Null for people who only ever come by a personal link.
  email text,
  email_folded text unique,
  password_hash text,
  is_member boolean not null,
  is_leadership boolean not null,
  is_administrator boolean not null,
  may_facilitate boolean not null,
  team_id uuid references teams (id),
  manager_id uuid references people (id),
  zone text not null,
  -- Minutes after midnight in their own zone.
  work_starts bigint not null,
  work_ends bigint not null,
  -- Bit 0 is Monday.
  work_days bigint not null,
  theme text not null,
  deactivated_at timestamptz,
  created_at timestamptz not null
);
create index idx_people_name_folded on people (name_folded);
create index idx_people_team_id on people (team_id);
create index idx_people_manager_id on people (manager_id);

create table sessions (
  -- SHA-256 of the token: the token itself is only in the browser.
  token_hash bytea primary key,
  person_id uuid not null references people (id),
  -- Set when the session was begun by a personal link: this one conversation is all it opens.
  invitation_id uuid,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index idx_sessions_person_id on sessions (person_id);
create index idx_sessions_expires_at on sessions (expires_at);

-- Counters against guessing, in the database so that several processes share them.
create table attempts (
  id uuid primary key,
  bucket text not null,
  at timestamptz not null
);
create index idx_attempts_bucket on attempts (bucket, at);

-- Who did what; never content. Each entry is chained to the one before it.
create table audit (
  number bigint primary key,
  at timestamptz not null,
  actor_id uuid,
  action text not null,
  object text not null,
  incident_id uuid,
  hash bytea not null
);
create index idx_audit_incident_id on audit (incident_id);
