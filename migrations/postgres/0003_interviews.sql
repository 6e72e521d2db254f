-- One-on-ones: invitations, answers, work sessions, nominations, and who has read what.
create table invitations (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  person_id uuid not null references people (id),
  state text not null,
  question_set bigint not null,
  -- SHA-256 of a personal link's token; null where the person has an account.
  token_hash bytea unique,
  expires_at timestamptz,
  invited_by uuid references people (id),
  invited_at timestamptz not null,
  started_at timestamptz,
  submitted_at timestamptz,
  closed_at timestamptz,
  unique (incident_id, person_id)
);
create index idx_invitations_person_id on invitations (person_id, state);

create table answers (
  id uuid primary key,
  invitation_id uuid not null references invitations (id),
  incident_id uuid not null references incidents (id),
  author_id uuid not null references people (id),
  question bigint not null,
  body_sealed bytea not null,
  audience text not null,
  count_me boolean not null,
  with_name boolean not null,
  -- Null while the present text is a draft.
  released_at timestamptz,
  saved_at timestamptz not null,
  -- The last save's idempotency key: sent twice, done once.
  last_request text not null,
  version bigint not null,
  unique (invitation_id, question)
);
create index idx_answers_incident_id on answers (incident_id, question);
create index idx_answers_author_id on answers (author_id);

create table work_sessions (
  id uuid primary key,
  invitation_id uuid not null references invitations (id),
  incident_id uuid not null references incidents (id),
  person_id uuid not null references people (id),
  started_at timestamptz not null,
  ended_at timestamptz not null,
  zone text not null,
  kind text not null,
  created_at timestamptz not null,
  -- The closed month in which these minutes were counted (its first day); null: not yet.
  counted_in date
);
create index idx_work_sessions_person_id on work_sessions (person_id, started_at);
create index idx_work_sessions_started_at on work_sessions (started_at);
create index idx_work_sessions_invitation_id on work_sessions (invitation_id);

create table nominations (
  id uuid primary key,
  invitation_id uuid not null references invitations (id),
  incident_id uuid not null references incidents (id),
  -- Name and reason together, sealed: a nomination is part of an answer.
  body_sealed bytea not null,
  invited_as uuid references invitations (id),
  set_aside boolean not null,
  created_at timestamptz not null
);
create index idx_nominations_incident_id on nominations (incident_id);
create index idx_nominations_invitation_id on nominations (invitation_id);

-- Shown to the author: who has read an answer, and when first and last.
create table answer_reads (
  answer_id uuid not null references answers (id),
  reader_id uuid not null references people (id),
  first_at timestamptz not null,
  last_at timestamptz not null,
  times bigint not null,
  primary key (answer_id, reader_id)
);

-- The author's agreement that a facilitator who was added later reads what was submitted before.
create table facilitator_agreements (
  invitation_id uuid not null references invitations (id),
  facilitator_id uuid not null references people (id),
  agreed_at timestamptz not null,
  primary key (invitation_id, facilitator_id)
);
