//! Everybody in front of a browser.

use super::matrix::{VIEWERS, Who};
use crate::support::{App, Person, World};
use domain::PersonId;
use std::collections::BTreeMap;

/// The viewers of the matrix, signed in.
pub struct Viewers {
    by: BTreeMap<Who, Person>,
    names: BTreeMap<String, Who>,
    ids: BTreeMap<Who, PersonId>,
}

impl Viewers {
    /// Signs all of them in.
    pub async fn of(app: &App, world: &World) -> Self {
        let p = &world.people;
        let (mut by, mut names, mut ids) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (who, viewer) in [
            (Who::Outsider, &p.outsider),
            (Who::Responder, &p.responder),
            (Who::Other, &p.other_responder),
            (Who::Named, &p.named),
            (Who::Private, &p.private),
            (Who::Drafter, &p.drafter),
            (Who::Facilitator, &p.facilitator),
            (Who::Later, &p.later_facilitator),
            (Who::Leader, &p.leader),
            (Who::Manager, &p.manager),
            (Who::Planner, &p.planner),
            (Who::Admin, &p.admin),
            (Who::Importer, &p.importer),
            (Who::ForeignFacilitator, &p.foreign_facilitator),
            (Who::ForeignResponder, &p.foreign_responder),
        ] {
            by.insert(who, app.as_(viewer).await);
            names.insert(viewer.name.clone(), who);
            ids.insert(who, viewer.person_id);
        }
        names.insert(crate::support::GUEST.to_owned(), Who::Guest);
        let link = world.review.guest().link.as_deref().unwrap();
        let guest = app.by_link(link).await;
        let session = store::sessions::find(&app.store, &guest.session().unwrap(), app.now()).await.unwrap();
        ids.insert(Who::Guest, session.unwrap().person_id);
        by.insert(Who::Guest, guest);
        by.insert(Who::Anonymous, app.anonymous());
        by.insert(Who::Ended, ended(app, world).await);
        assert_eq!(by.len(), VIEWERS.len());
        Self { by, names, ids }
    }

    /// Somebody.
    pub fn get(&self, who: Who) -> &Person {
        &self.by[&who]
    }

    /// By name.
    pub fn who(&self, name: &str) -> Option<Who> {
        self.names.get(name).copied()
    }

    /// Whose id this is.
    pub fn id(&self, who: Who) -> Option<PersonId> {
        self.ids.get(&who).copied()
    }
}

/// A session that outlived its account.
async fn ended(app: &App, world: &World) -> Person {
    let guest_of = world.people.foreign_facilitator.clone();
    let person = app.as_(&guest_of).await;
    let hash = store::random::token_hash(&person.session().unwrap());
    let hash: String = hash.iter().map(|b| format!("{b:02x}")).collect();
    let hash = if app.folder.is_some() { format!("x'{hash}'") } else { format!("'\\x{hash}'::bytea") };
    let ended =
        app.raw.run(&format!("update sessions set expires_at = '2026-03-05T11:59:59+00:00' where token_hash = {hash}")).await;
    assert_eq!(ended, 1);
    person
}
