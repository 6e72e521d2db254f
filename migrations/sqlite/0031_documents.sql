-- When a published story was changed last, comments at its sections, and what was found when somebody looked at it again.
alter table incidents add column revised_at text;
update incidents set revised_at = (
  select max(v.saved_at) from section_versions v where v.incident_id = incidents.id and v.saved_at > incidents.published_at)
where published_at is not null;

create table section_comments (
  id blob primary key,
  incident_id blob not null references incidents (id),
  section text not null,
  author_id blob references people (id),
  body_sealed blob not null,
  written_at text not null,
  resolved_at text,
  resolved_by blob references people (id)
) strict;
create index idx_section_comments_incident_id on section_comments (incident_id, written_at);
create index idx_section_comments_author_id on section_comments (author_id);

-- Is it still true? Each answer, so that readers see when somebody last looked.
create table revisits (
  id blob primary key,
  incident_id blob not null references incidents (id),
  answered_by blob references people (id),
  answered_at text not null,
  outcome text not null,
  words text not null,
  -- When it is to be asked again; null: it was answered.
  ask_again_at text
) strict;
create index idx_revisits_incident_id on revisits (incident_id, answered_at);
create index idx_revisits_answered_by on revisits (answered_by);
