-- Search by words. What is searched becomes words between single spaces, as the program writes them from now on: " inc 42 disk full ".
-- The marks named here are those of a keyboard; a rarer one goes with the incident's next edit.
update incidents set search_folded = ' ' || trim(regexp_replace(
  translate(search_folded, E'\n\t.,:!?-_/\\()[]{}<>"`+*=&%$#@|~^–—’“”' || chr(59) || chr(39), repeat(' ', 50)),
  ' +', ' ', 'g')) || ' ';

-- A restricted incident's words are in no index: it is found by walking what one is named on. The words are the program's own, so no
-- parser of PostgreSQL's splits them again.
create index incidents_words on incidents
  using gin (array_to_tsvector(array_remove(string_to_array(search_folded, ' '), ''))) where not restricted;
