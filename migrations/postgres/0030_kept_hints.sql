-- Hints of the writing assistant that a review does not show. Nobody's name and no time: it is about the sentence.
create table kept_hints (
  incident_id uuid not null references incidents (id),
  -- A hash of review, rule and sentence; 'all': no hints in this document.
  hint text not null,
  primary key (incident_id, hint)
);
