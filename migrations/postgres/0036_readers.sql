-- Readers of published stories: sums by team, and marks that say only to who holds the key whose they are. No row holds both.
create table story_readers (
  incident_id uuid not null references incidents (id),
  -- Keyed hash of story and account, so that nobody counts twice. No time, and no order of coming.
  mark bytea not null,
  primary key (incident_id, mark)
);

create table reader_counts (
  incident_id uuid not null references incidents (id),
  team_id uuid references teams (id),
  -- The team, or 16 zeros for those without one.
  counted_as uuid not null,
  readers bigint not null,
  primary key (incident_id, counted_as)
);
create index idx_reader_counts_team_id on reader_counts (team_id);

-- A feed of published stories for programs that cannot sign in: one address an account, known as its hash.
create table feeds (
  person_id uuid primary key references people (id),
  token_hash bytea not null,
  made_at timestamptz not null
);
create unique index idx_feeds_token_hash on feeds (token_hash);
