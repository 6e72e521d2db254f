-- Support (question 4) as a measure about people, and what the list of incidents looks up.
-- The closed month in which this answer's choice was counted (its first day); null: not yet.
alter table answers add column counted_in date;

-- What a person gave to a closed month of support; as month_contributions has it for hours.
create table month_supports (
  month date not null,
  subject bytea not null,
  enough bigint not null,
  more_needed bigint not null,
  primary key (month, subject)
);

-- Nearly every incident is not in the trash: an index that holds them all draws a planner away from the order that is asked for.
drop index idx_incidents_trashed_at;
create index idx_incidents_trashed_at on incidents (trashed_at) where trashed_at is not null;
