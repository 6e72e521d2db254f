-- Perspectives: words of answers that stand at events of the timeline, each in its author's lane. Copies, there only while their answer says
-- them and carries its author's name: an unattributed answer never stands here.
create table placed_words (
  id blob primary key,
  incident_id blob not null references incidents (id),
  event_id blob not null references events (id),
  answer_id blob not null references answers (id),
  text_sealed blob not null,
  -- When it was for its author; empty: as the timeline says.
  own_time_sealed blob not null,
  differs integer not null,
  placed_by blob not null references people (id),
  placed_at text not null
) strict;
create index idx_placed_words_incident_id on placed_words (incident_id);
create index idx_placed_words_event_id on placed_words (event_id);
create index idx_placed_words_answer_id on placed_words (answer_id);
create index idx_placed_words_placed_by on placed_words (placed_by);

-- A facilitator's note at a moment that is told differently. Facilitators alone read it; it goes when words at its event go.
create table told_differently (
  event_id blob primary key references events (id),
  incident_id blob not null references incidents (id),
  note_sealed blob not null,
  noted_by blob not null references people (id),
  noted_at text not null,
  version integer not null
) strict;
create index idx_told_differently_incident_id on told_differently (incident_id);
create index idx_told_differently_noted_by on told_differently (noted_by);
