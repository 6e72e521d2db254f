-- One-on-ones: invitations, answers, work sessions, nominations, and who has read what.
create table invitations (
  id blob primary key,
  incident_id blob not null references incidents (id),
  person_id blob not null references people (id),
  state text not null,
  question_set integer not null,
  -- SHA-256 of a personal link's token; null where the person has an account.
  token_hash blob unique,
  expires_at text,
  invited_by blob references people (id),
  invited_at text not null,
  started_at text,
  submitted_at text,
  closed_at text,
  unique (incident_id, person_id)
) strict;
create index idx_invitations_person_id on invitations (person_id, state);

create table answers (
  id blob primary key,
  invitation_id blob not null references invitations (id),
  incident_id blob not null references incidents (id),
  author_id blob not null references people (id),
  question integer not null,
  body_sealed blob not null,
  audience text not null,
  count_me integer not null,
  with_name integer not null,
  -- Null while the present text is a draft.
  released_at text,
  saved_at text not null,
  -- The last save's idempotency key: sent twice, done once.
  last_request text not null,
  version integer not null,
  unique (invitation_id, question)
) strict;
create index idx_answers_incident_id on answers (incident_id, question);
create index idx_answers_author_id on answers (author_id);

create table work_sessions (
  id blob primary key,
  invitation_id blob not null references invitations (id),
  incident_id blob not null references incidents (id),
  person_id blob not null references people (id),
  started_at text not null,
  ended_at text not null,
  zone text not null,
  kind text not null,
  created_at text not null,
  -- The closed month in which these minutes were counted (its first day); null: not yet.
  counted_in text
) strict;
create index idx_work_sessions_person_id on work_sessions (person_id, started_at);
create index idx_work_sessions_started_at on work_sessions (started_at);
create index idx_work_sessions_invitation_id on work_sessions (invitation_id);

create table nominations (
  id blob primary key,
  invitation_id blob not null references invitations (id),
  incident_id blob not null references incidents (id),
  -- Name and reason together, sealed: a nomination is part of an answer.
  body_sealed blob not null,
  invited_as blob references invitations (id),
  set_aside integer not null,
  created_at text not null
) strict;
create index idx_nominations_incident_id on nominations (incident_id);
create index idx_nominations_invitation_id on nominations (invitation_id);

-- Shown to the author: who has read an answer, and when first and last.
create table answer_reads (
  answer_id blob not null references answers (id),
  reader_id blob not null references people (id),
  first_at text not null,
  last_at text not null,
  times integer not null,
  primary key (answer_id, reader_id)
) strict;

-- The author's agreement that a facilitator who was added later reads what was submitted before.
create table facilitator_agreements (
  invitation_id blob not null references invitations (id),
  facilitator_id blob not null references people (id),
  agreed_at text not null,
  primary key (invitation_id, facilitator_id)
) strict;
