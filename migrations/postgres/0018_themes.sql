-- Themes of a review: passages of answers that the facilitator gathers under a few words. Facilitators alone read them.
create table themes (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  name_sealed bytea not null,
  -- A question to open with; may be empty.
  opening_sealed bytea not null,
  position bigint not null,
  created_by uuid not null references people (id),
  created_at timestamptz not null,
  version bigint not null
);
create index idx_themes_incident_id on themes (incident_id);
create index idx_themes_created_by on themes (created_by);

-- Copies of an author's words with random ids of their own. No column here leads to the answer: see passage_sources.
create table passages (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  -- Null: marked, and not gathered yet.
  theme_id uuid references themes (id),
  text_sealed bytea not null,
  -- What it is about, in the facilitator's words; may be empty.
  note_sealed bytea not null
);
create index idx_passages_incident_id on passages (incident_id);
create index idx_passages_theme_id on passages (theme_id);

-- The way from a passage to its answer: a passage is there only while its answer is. The author is told who marked it and when.
create table passage_sources (
  passage_id uuid primary key references passages (id),
  answer_id uuid not null references answers (id),
  marked_by uuid not null references people (id),
  marked_at timestamptz not null
);
create index idx_passage_sources_answer_id on passage_sources (answer_id);
