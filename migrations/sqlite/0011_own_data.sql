-- A quote may outlive the answer that it was made from: retention removes the answer, the approved words stay.
create table excerpt_sources_0011 (
  excerpt_id blob primary key references excerpts (id),
  -- Null once the answer was erased or its time was over.
  answer_id blob references answers (id),
  author_id blob not null references people (id),
  sent_at text not null,
  decided_at text
) strict;
insert into excerpt_sources_0011 (excerpt_id, answer_id, author_id, sent_at, decided_at)
select excerpt_id, answer_id, author_id, sent_at, decided_at from excerpt_sources;
drop table excerpt_sources;
alter table excerpt_sources_0011 rename to excerpt_sources;
create index idx_excerpt_sources_author_id on excerpt_sources (author_id);
create index idx_excerpt_sources_answer_id on excerpt_sources (answer_id);

-- What retention took away, in counts; never whose.
create table retention_runs (
  id blob primary key,
  -- The day that a run of the daily job is for, so that two processes run it once; null for a dry run.
  day text unique,
  ran_at text not null,
  finished_at text,
  dry integer not null,
  counts_json text not null
) strict;
create index idx_retention_runs_ran_at on retention_runs (ran_at);

-- What the trail holds of one person is shown to them.
create index idx_audit_actor_id on audit (actor_id);
create index idx_audit_object on audit (object);
