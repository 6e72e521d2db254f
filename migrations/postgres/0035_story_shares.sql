-- Links by which people without an account read one published story, until a day.
create table story_shares (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  -- SHA-256 of the link's secret part: 256 random bits.
  token_hash bytea not null,
  made_by uuid not null references people (id),
  made_at timestamptz not null,
  expires_at timestamptz not null,
  -- Quotes that were given with a name carry it.
  with_names boolean not null,
  -- The text for people outside comes with it.
  with_outside boolean not null,
  -- How often it was opened; by whom is kept nowhere.
  opened bigint not null
);
create unique index idx_story_shares_token_hash on story_shares (token_hash);
create index idx_story_shares_incident_id on story_shares (incident_id, made_at);
create index idx_story_shares_made_by on story_shares (made_by);
