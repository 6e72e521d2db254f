-- Search by words. What is searched becomes words between single spaces, as the program writes them from now on: " inc 42 disk full ".
-- The marks named here are those of a keyboard; a rarer one goes with the incident's next edit.
update incidents set search_folded = ' ' || trim(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(
    search_folded,
    char(10), ' '), char(9), ' '), '.', ' '), ',', ' '), ';', ' '), ':', ' '), '!', ' '), '?', ' '), '-', ' '), '_', ' '),
    '/', ' '), '\', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '{', ' '), '}', ' '), '<', ' '), '>', ' '),
    '"', ' '), '''', ' '), '`', ' '), '+', ' '), '*', ' '), '=', ' '), '&', ' '), '%', ' '), '$', ' '), '#', ' '),
    '@', ' '), '|', ' '), '~', ' '), '^', ' '), '–', ' '), '—', ' '), '’', ' '), '“', ' '), '”', ' ')
) || ' ';
update incidents set search_folded = replace(replace(replace(search_folded, '    ', ' '), '  ', ' '), '  ', ' ');

-- A restricted incident's words are in no index: it is found by walking what one is named on.
create virtual table incident_words using fts5 (
  words, columnsize = 0, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
);
-- What is taken out is gone from the file, not only from the answers.
insert into incident_words (incident_words, rank) values ('secure-delete', 1);
insert into incident_words (rowid, words) select number, search_folded from incidents where not restricted;

create trigger incident_words_added after insert on incidents when not new.restricted begin
  insert into incident_words (rowid, words) values (new.number, new.search_folded);
end;
create trigger incident_words_removed after delete on incidents when not old.restricted begin
  delete from incident_words where rowid = old.number;
end;
create trigger incident_words_changed after update of search_folded, restricted on incidents
when new.search_folded <> old.search_folded or new.restricted <> old.restricted begin
  delete from incident_words where rowid = old.number;
  insert into incident_words (rowid, words) select new.number, new.search_folded where not new.restricted;
end;
