-- Who gave to a closed month and to which kinds of it, without how much: kept for this year and the one before, because a figure may stand
-- beside that of a year before only where the group is the same or changed by enough people. The member is a keyed hash of the person.
create table month_members (
  measure text not null,
  month date not null,
  member bytea not null,
  -- The team's id; empty without one.
  team text not null,
  -- A bit for each kind.
  kinds bigint not null,
  primary key (measure, month, member, team)
);

-- How finely a figure may stand beside the one before it and that of a year before: a place among the measure's ways, -1 where it may not;
-- null where there is nothing to stand beside.
alter table released_cells add column beside_before bigint;
alter table released_cells add column beside_year bigint;
