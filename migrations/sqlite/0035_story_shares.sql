-- Links by which people without an account read one published story, until a day.
create table story_shares (
  id blob primary key,
  incident_id blob not null references incidents (id),
  -- SHA-256 of the link's secret part: 256 random bits.
  token_hash blob not null,
  made_by blob not null references people (id),
  made_at text not null,
  expires_at text not null,
  -- Quotes that were given with a name carry it.
  with_names integer not null,
  -- The text for people outside comes with it.
  with_outside integer not null,
  -- How often it was opened; by whom is kept nowhere.
  opened integer not null
) strict;
create unique index idx_story_shares_token_hash on story_shares (token_hash);
create index idx_story_shares_incident_id on story_shares (incident_id, made_at);
create index idx_story_shares_made_by on story_shares (made_by);
