-- Learnings as things of their own: what shows them, who should know, whether they hold, who met them again, what they led to; and thanks.
alter table learnings add column evidence text not null default '';
-- new, confirmed or outdated.
alter table learnings add column status text not null default 'new';
-- Why; of an outdated one, what holds now.
alter table learnings add column status_reason text not null default '';
-- Null: since it was written.
alter table learnings add column status_at timestamptz;
-- The learning that took its place.
alter table learnings add column replaced_by uuid references learnings (id) on delete set null;
create index idx_learnings_replaced_by on learnings (replaced_by);

-- The teams that should know.
create table learning_teams (
  learning_id uuid not null references learnings (id) on delete cascade,
  team_id uuid not null references teams (id),
  primary key (learning_id, team_id)
);
create index idx_learning_teams_team_id on learning_teams (team_id);

-- Runbooks and exercises.
create table learning_links (
  id uuid primary key,
  learning_id uuid not null references learnings (id) on delete cascade,
  -- runbook or exercise.
  kind text not null,
  title text not null,
  -- Of the web; empty: an exercise without a page.
  address text not null,
  -- The day of an exercise.
  held_on date,
  created_at timestamptz not null
);
create index idx_learning_links_learning_id on learning_links (learning_id, created_at);

-- A later incident met it again.
create table learnings_met (
  id uuid primary key,
  learning_id uuid not null references learnings (id) on delete cascade,
  incident_id uuid not null references incidents (id),
  note text not null,
  created_at timestamptz not null
);
create index idx_learnings_met_learning_id on learnings_met (learning_id);
create index idx_learnings_met_incident_id on learnings_met (incident_id, created_at);

-- To whom it was new: for taking it back and for own data. Others see a rounded count, or nothing; when it was said is not kept.
create table learning_readers (
  learning_id uuid not null references learnings (id) on delete cascade,
  person_id uuid not null references people (id),
  primary key (learning_id, person_id)
);
create index idx_learning_readers_person_id on learning_readers (person_id);

-- Thanks to a team, or to a person who is asked before anybody else reads it.
create table thanks (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  team_id uuid references teams (id),
  person_id uuid references people (id),
  words_sealed bytea not null,
  -- asked, agreed or left-out.
  state text not null,
  written_at timestamptz not null,
  answered_at timestamptz
);
create index idx_thanks_incident_id on thanks (incident_id, written_at);
create index idx_thanks_person_id on thanks (person_id);
create index idx_thanks_team_id on thanks (team_id);
