-- Learning reviews: sections with their versions, quotes in calibration, and the parking lot.
create table reviews (
  incident_id blob primary key references incidents (id),
  opened_by blob references people (id),
  opened_at text not null,
  -- Until when authors are asked to check their quotes.
  quotes_due_at text,
  published_by blob references people (id),
  published_at text,
  version integer not null
) strict;

create table sections (
  incident_id blob not null references incidents (id),
  kind text not null,
  body text not null,
  saved_by blob references people (id),
  saved_at text not null,
  version integer not null,
  primary key (incident_id, kind)
) strict;

create table section_versions (
  incident_id blob not null references incidents (id),
  kind text not null,
  version integer not null,
  body text not null,
  saved_by blob references people (id),
  saved_at text not null,
  primary key (incident_id, kind, version)
) strict;

-- Copies of an author's words. No column here leads to the author: see excerpt_sources.
create table excerpts (
  id blob primary key,
  incident_id blob not null references incidents (id),
  section text not null,
  text_sealed blob not null,
  offered_sealed blob not null,
  paraphrase integer not null,
  attribution text not null,
  state text not null,
  version integer not null
) strict;
create index idx_excerpts_incident_id on excerpts (incident_id, state);

-- The way from a quote to its author: read by the app to ask the author, by no page of a reader.
create table excerpt_sources (
  excerpt_id blob primary key references excerpts (id),
  answer_id blob not null references answers (id),
  author_id blob not null references people (id),
  sent_at text not null,
  decided_at text
) strict;
create index idx_excerpt_sources_author_id on excerpt_sources (author_id);

create table parked (
  id blob primary key,
  incident_id blob not null references incidents (id),
  author_id blob references people (id),
  -- Set when the idea is an answer to question 9, so that a changed answer changes its idea.
  answer_id blob unique references answers (id),
  body_sealed blob not null,
  with_name integer not null,
  parked_at text not null,
  set_aside_at text
) strict;
create index idx_parked_incident_id on parked (incident_id);
create index idx_parked_author_id on parked (author_id);
