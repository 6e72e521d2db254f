-- Readers of published stories: sums by team, and marks that say only to who holds the key whose they are. No row holds both.
create table story_readers (
  incident_id blob not null references incidents (id),
  -- Keyed hash of story and account, so that nobody counts twice. No time, and no order of coming.
  mark blob not null,
  primary key (incident_id, mark)
) strict, without rowid;

create table reader_counts (
  incident_id blob not null references incidents (id),
  team_id blob references teams (id),
  -- The team, or 16 zeros for those without one.
  counted_as blob not null,
  readers integer not null,
  primary key (incident_id, counted_as)
) strict, without rowid;
create index idx_reader_counts_team_id on reader_counts (team_id);

-- A feed of published stories for programs that cannot sign in: one address an account, known as its hash.
create table feeds (
  person_id blob primary key references people (id),
  token_hash blob not null,
  made_at text not null
) strict;
create unique index idx_feeds_token_hash on feeds (token_hash);
