-- Learning reviews: sections with their versions, quotes in calibration, and the parking lot.
create table reviews (
  incident_id uuid primary key references incidents (id),
  opened_by uuid references people (id),
  opened_at timestamptz not null,
  -- Until when authors are asked to check their quotes.
  quotes_due_at timestamptz,
  published_by uuid references people (id),
  published_at timestamptz,
  version bigint not null
);

create table sections (
  incident_id uuid not null references incidents (id),
  kind text not null,
  body text not null,
  saved_by uuid references people (id),
  saved_at timestamptz not null,
  version bigint not null,
  primary key (incident_id, kind)
);

create table section_versions (
  incident_id uuid not null references incidents (id),
  kind text not null,
  version bigint not null,
  body text not null,
  saved_by uuid references people (id),
  saved_at timestamptz not null,
  primary key (incident_id, kind, version)
);

-- Copies of an author's words. No column here leads to the author: see excerpt_sources.
create table excerpts (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  section text not null,
  text_sealed bytea not null,
  offered_sealed bytea not null,
  paraphrase boolean not null,
  attribution text not null,
  state text not null,
  version bigint not null
);
create index idx_excerpts_incident_id on excerpts (incident_id, state);

-- The way from a quote to its author: read by the app to ask the author, by no page of a reader.
create table excerpt_sources (
  excerpt_id uuid primary key references excerpts (id),
  answer_id uuid not null references answers (id),
  author_id uuid not null references people (id),
  sent_at timestamptz not null,
  decided_at timestamptz
);
create index idx_excerpt_sources_author_id on excerpt_sources (author_id);

create table parked (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  author_id uuid references people (id),
  -- Set when the idea is an answer to question 9, so that a changed answer changes its idea.
  answer_id uuid unique references answers (id),
  body_sealed bytea not null,
  with_name boolean not null,
  parked_at timestamptz not null,
  set_aside_at timestamptz
);
create index idx_parked_incident_id on parked (incident_id);
create index idx_parked_author_id on parked (author_id);
