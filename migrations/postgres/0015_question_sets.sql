-- Question sets of an organisation's own. Those that come with the product stand in the code and have numbers below 1000.
create table question_sets (
  id uuid primary key,
  name text not null,
  name_folded text not null unique,
  -- What the next version will say (JSON, as in a file).
  draft_json text not null,
  version bigint not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  -- Not offered any more; who was asked by it keeps it.
  retired_at timestamptz
);

-- Published versions never change.
create table question_set_versions (
  -- What invitations keep.
  number bigint primary key,
  set_id uuid not null references question_sets (id),
  ordinal bigint not null,
  definition_json text not null,
  published_at timestamptz not null,
  unique (set_id, ordinal)
);

create index idx_invitations_question_set on invitations (question_set);
