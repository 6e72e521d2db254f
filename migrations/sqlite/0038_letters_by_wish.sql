-- Letters that somebody wishes for: of new stories, of those a year old, of what they take care of. Without a row: only of the last.
create table letter_wishes (
  person_id blob primary key references people (id),
  -- weekly, monthly; empty: never.
  digest text not null,
  anniversaries integer not null,
  items integer not null,
  -- The first day that no letter of this kind has told of yet.
  digest_from text not null,
  anniversaries_from text not null,
  items_from text not null
) strict;

-- What was published, the newest first: for the feed and for letters.
create index idx_incidents_published_at on incidents (published_at) where published_at is not null;
