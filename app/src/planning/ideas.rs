//! The parked ideas of the open room: in groups, one standing for several, taken up, and dropped with thanks.

use crate::form::Form;
use crate::ui::{FieldError, Icon, Markdown, SafeTextarea};
use domain::planning::title_of;
use domain::{GroupId, ParkedId};
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::HashMap;
use store::parking::{Group, Idea};
use uuid::Uuid;

/// What the forms about an idea and about a group send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SortFields {
    /// `group`, `merge`, `split`; `rename`, `dissolve`.
    pub act: String,
    /// A group's id, or empty.
    pub group: String,
    /// A new group's name, or the new name of one.
    pub name: String,
    /// The idea that is to stand for this one.
    pub under: String,
    /// Words of thanks.
    pub thanks: String,
}

/// A form about an idea or a group that came back.
pub struct Refused {
    /// Which idea or group.
    pub of: Uuid,
    /// What was typed, and what to mend.
    pub form: Form<SortFields>,
}

/// Everything about the ideas of a room.
pub struct Lot {
    /// The incident's address.
    pub base: String,
    /// All ideas.
    pub ideas: Vec<Idea>,
    /// All groups.
    pub groups: Vec<Group>,
    /// The items that were made from ideas.
    pub made: HashMap<ParkedId, String>,
    /// What was refused.
    pub refused: Option<Refused>,
}

impl Lot {
    /// The column.
    pub fn view(self) -> impl IntoView {
        let (under, heads): (Vec<Idea>, Vec<Idea>) = self.ideas.iter().cloned().partition(|idea| idea.under.is_some());
        let (taken, rest): (Vec<Idea>, Vec<Idea>) = heads.into_iter().partition(|idea| self.made.contains_key(&idea.id));
        let (dropped, open): (Vec<Idea>, Vec<Idea>) = rest.into_iter().partition(|idea| idea.set_aside);
        let counts = format!("{} open, {} taken up", open.len(), taken.len());
        let alone = open.iter().filter(|idea| idea.group.is_none()).map(|idea| self.card(idea, &open, &under)).collect_view();
        let grouped = self
            .groups
            .iter()
            .filter(|group| open.iter().any(|idea| idea.group == Some(group.id)))
            .map(|group| {
                let id = format!("g-{}", group.id);
                let cards = open.iter().filter(|i| i.group == Some(group.id)).map(|i| self.card(i, &open, &under)).collect_view();
                view! {
                    <section class="stack mb4" aria-labelledby=id.clone()>
                        <h3 id=id.clone()>{group.name.clone()}</h3>
                        <ul class="stack">{cards}</ul>
                        {self.group(group)}
                    </section>
                }
            })
            .collect_view();
        view! {
            <section aria-labelledby="ideas">
                <div class="section-head"><h2 id="ideas">"Parked ideas"</h2><span class="quiet small">{counts}</span></div>
                {open.is_empty().then(|| view! { <p class="quiet">"No idea waits here."</p> })}
                {grouped}
                <ul class="stack">{alone}</ul>
                {(!taken.is_empty()).then(|| view! {
                    <details class="more mt4">
                        <summary>{format!("Taken up ({})", taken.len())}</summary>
                        <ul class="stack mt2">
                            {taken.iter().map(|idea| view! {
                                <li class="idea">
                                    <Markdown text=idea.body.clone()/>
                                    {self.followers(idea, &under)}
                                    {self.chip(idea)}
                                    <div class="meta"><a href=self.made.get(&idea.id).cloned().unwrap_or_default()>"Its item"</a></div>
                                </li>
                            }).collect_view()}
                        </ul>
                    </details>
                })}
                {(!dropped.is_empty()).then(|| view! {
                    <details class="more mt4">
                        <summary>{format!("Dropped, with thanks ({})", dropped.len())}</summary>
                        <ul class="stack mt2">
                            {dropped.iter().map(|idea| view! {
                                <li class="idea">
                                    <Markdown text=idea.body.clone()/>
                                    {self.chip(idea)}
                                    {(!idea.thanks.is_empty()).then(|| view! {
                                        <div class="small quiet"><p>"Its author reads:"</p><Markdown text=idea.thanks.clone()/></div>
                                    })}
                                    {self.followers(idea, &under)}
                                    <form method="post" action=self.act(idea.id, "put-back")>
                                        <button class="btn btn-quiet btn-small">"Put it back"</button>
                                    </form>
                                </li>
                            }).collect_view()}
                        </ul>
                    </details>
                })}
            </section>
        }
    }

    fn act(&self, idea: ParkedId, act: &str) -> String {
        format!("{}/planning/ideas/{idea}/{act}", self.base)
    }

    /// The group of an idea that stands elsewhere than under its heading.
    fn chip(&self, idea: &Idea) -> Option<impl IntoView + use<>> {
        let group = self.groups.iter().find(|group| Some(group.id) == idea.group)?.name.clone();
        Some(view! { <div class="meta"><span class="chip">{group}</span></div> })
    }

    fn refused(&self, of: Uuid) -> Form<SortFields> {
        self.refused.as_ref().filter(|refused| refused.of == of).map(|refused| refused.form.clone()).unwrap_or_default()
    }

    fn card(&self, idea: &Idea, open: &[Idea], under: &[Idea]) -> impl IntoView + use<> {
        let make = format!("{}/planning/items/new?from={}", self.base, idea.id);
        let refused = self.refused(idea.id.0);
        let mend = !refused.invalid.fields.is_empty();
        view! {
            <li class="idea">
                <Markdown text=idea.body.clone()/>
                {idea.name.clone().map(|name| view! { <div class="meta"><span><Icon name="user"/>{name}</span></div> })}
                {self.followers(idea, under)}
                <div class="actions"><a class="btn btn-small" href=make>"Weigh it as an option"</a></div>
                <details class="more" open=mend>
                    <summary>"Group, merge or drop"</summary>
                    <div class="stack mt2">
                        {self.grouping(idea, &refused)}
                        {self.merging(idea, open, &refused)}
                        {self.dropping(idea, &refused)}
                    </div>
                </details>
            </li>
        }
    }

    /// Ideas that this one stands for.
    fn followers(&self, idea: &Idea, under: &[Idea]) -> Option<impl IntoView + use<>> {
        let followers: Vec<Idea> = under.iter().filter(|other| other.under == Some(idea.id)).cloned().collect();
        (!followers.is_empty()).then(|| {
            let each = followers
                .into_iter()
                .map(|other| {
                    view! {
                        <li>
                            <Markdown text=other.body/>
                            {other.name.map(|name| view! { <div class="meta"><span><Icon name="user"/>{name}</span></div> })}
                            <form method="post" action=self.act(other.id, "sort")>
                                <input type="hidden" name="act" value="split"/>
                                <button class="btn btn-quiet btn-small">"Let it stand for itself"</button>
                            </form>
                        </li>
                    }
                })
                .collect_view();
            view! { <p class="hint">"It also stands for:"</p><ul class="plain-list table-list">{each}</ul> }
        })
    }

    fn grouping(&self, idea: &Idea, refused: &Form<SortFields>) -> impl IntoView + use<> {
        let (select, input, error) =
            (format!("group-{}", idea.id), format!("name-{}", idea.id), format!("name-{}-error", idea.id));
        let none = std::iter::once((String::new(), "No group".to_owned()));
        let options: Vec<(String, String)> =
            none.chain(self.groups.iter().map(|group| (group.id.to_string(), group.name.clone()))).collect();
        let now = idea.group.map(|group| group.to_string()).unwrap_or_default();
        let message = refused.error("name");
        view! {
            <form class="stack" method="post" action=self.act(idea.id, "sort")>
                <input type="hidden" name="act" value="group"/>
                <div class="field"><label for=select.clone()>"Group"</label>{choice(select, "group", options, &now)}</div>
                <div class=boxed(message.as_ref())>
                    <label for=input.clone()>"Or a new group"</label>
                    <FieldError id=error.clone() error=message.clone()/>
                    <input
                        id=input name="name" type="text" value=refused.typed.name.clone()
                        aria-describedby=message.is_some().then_some(error) aria-invalid=message.is_some().then_some("true")
                    />
                </div>
                <div class="actions"><button class="btn btn-small">"Put it there"</button></div>
            </form>
        }
    }

    fn merging(&self, idea: &Idea, open: &[Idea], refused: &Form<SortFields>) -> Option<impl IntoView + use<>> {
        let others: Vec<(String, String)> =
            open.iter().filter(|other| other.id != idea.id).map(|other| (other.id.to_string(), title_of(&other.body))).collect();
        let message = refused.error("under");
        let (select, error) = (format!("under-{}", idea.id), format!("under-{}-error", idea.id));
        let action = self.act(idea.id, "sort");
        (!others.is_empty()).then(|| {
            view! {
                <form class="stack" method="post" action=action>
                    <input type="hidden" name="act" value="merge"/>
                    <div class=boxed(message.as_ref())>
                        <label for=select.clone()>"The same as, in other words"</label>
                        <FieldError id=error error=message.clone()/>
                        {choice(select, "under", others, "")}
                    </div>
                    <div class="actions"><button class="btn btn-small">"Let that one stand for both"</button></div>
                </form>
            }
        })
    }

    fn dropping(&self, idea: &Idea, refused: &Form<SortFields>) -> impl IntoView + use<> {
        let (id, hint) = (format!("thanks-{}", idea.id), format!("thanks-{}-hint", idea.id));
        let message = refused.error("thanks");
        view! {
            <form class="stack" method="post" action=self.act(idea.id, "drop")>
                <div class=boxed(message.as_ref())>
                    <label for=id.clone()>"Words of thanks, if you like"</label>
                    <p class="hint" id=hint.clone()>
                        "Whoever parked it reads them, and else that it was read and is let go with thanks. You do not learn who that is."
                    </p>
                    <FieldError id=format!("thanks-{}-error", idea.id) error=message.clone()/>
                    <SafeTextarea id=id name="thanks" text=refused.typed.thanks.clone() rows=2 describedby=Some(hint)/>
                </div>
                <div class="actions"><button class="btn btn-small">"Drop, with thanks"</button></div>
            </form>
        }
    }

    fn group(&self, group: &Group) -> impl IntoView + use<> {
        let refused = self.refused(group.id.0);
        let message = refused.error("name");
        let name = if message.is_some() { refused.typed.name } else { group.name.clone() };
        let (id, error) = (format!("rename-{}", group.id), format!("rename-{}-error", group.id));
        let action = group_action(&self.base, group.id);
        view! {
            <details class="more" open=message.is_some()>
                <summary>{format!("Change the group “{}”", group.name)}</summary>
                <form class="stack mt2" method="post" action=action.clone()>
                    <input type="hidden" name="act" value="rename"/>
                    <div class=boxed(message.as_ref())>
                        <label for=id.clone()>"Its name"</label>
                        <FieldError id=error error=message.clone()/>
                        <input id=id name="name" type="text" value=name/>
                    </div>
                    <div class="actions"><button class="btn btn-small">"Rename"</button></div>
                </form>
                <form method="post" action=action>
                    <input type="hidden" name="act" value="dissolve"/>
                    <button class="btn btn-quiet btn-small">"Take it apart; its ideas stay"</button>
                </form>
            </details>
        }
    }
}

fn group_action(base: &str, group: GroupId) -> String {
    format!("{base}/planning/groups/{group}")
}

fn boxed(error: Option<&String>) -> &'static str {
    if error.is_some() { "field field-error" } else { "field" }
}

fn choice(id: String, name: &'static str, options: Vec<(String, String)>, now: &str) -> impl IntoView + use<> {
    let options = options
        .into_iter()
        .map(|(value, label)| {
            let selected = value == now;
            view! { <option value=value selected=selected>{label}</option> }
        })
        .collect_view();
    view! { <select id=id name=name>{options}</select> }
}
