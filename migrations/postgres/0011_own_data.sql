-- A quote may outlive the answer that it was made from: retention removes the answer, the approved words stay.
-- Null once the answer was erased or its time was over.
alter table excerpt_sources alter column answer_id drop not null;
create index idx_excerpt_sources_answer_id on excerpt_sources (answer_id);

-- What retention took away, in counts; never whose.
create table retention_runs (
  id uuid primary key,
  -- The day that a run of the daily job is for, so that two processes run it once; null for a dry run.
  day date unique,
  ran_at timestamptz not null,
  finished_at timestamptz,
  dry boolean not null,
  counts_json text not null
);
create index idx_retention_runs_ran_at on retention_runs (ran_at);

-- What the trail holds of one person is shown to them.
create index idx_audit_actor_id on audit (actor_id);
create index idx_audit_object on audit (object);
