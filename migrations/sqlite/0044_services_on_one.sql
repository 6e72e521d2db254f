-- Services whose work rested on one person over two closed quarters: decided when the second one closes, without whose. See
-- docs/decisions/0051.
create table services_on_one (
  -- First day of the second quarter.
  quarter text not null,
  service_id blob not null references services (id),
  -- How many people could have been called: below the smallest group it is not shown.
  eligible integer not null,
  primary key (quarter, service_id)
) strict;
