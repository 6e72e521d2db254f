-- Restricted incidents are few: a search begins at them, and not at the thousands that somebody is named on.
create index idx_incidents_restricted on incidents (number) where restricted;
