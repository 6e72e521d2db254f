-- A letter with a week or a month in numbers, for who wishes for it. weekly, monthly; empty: never.
alter table letter_wishes add column sheet text not null default '';
-- The first day that no letter of this kind has told of yet.
alter table letter_wishes add column sheet_from date not null default '1970-01-01';
