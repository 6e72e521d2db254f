//! Who has read my answers, and when.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Empty, When};
use axum::response::Response;
use leptos::prelude::*;
use store::interviews::ReadOfMine;

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let reads = store::interviews::my_reads(ctx.store(), ctx.viewer()?).await?;
    Ok(shell::page(&ctx, Head::new("Who has read my answers", Nav::None), move || draw(reads)))
}

fn draw(reads: Vec<ReadOfMine>) -> impl IntoView {
    view! {
        <Crumbs links=vec![("/profile".to_owned(), "Your profile".to_owned())] here="Who has read my answers"/>
        <div class="page-head"><div>
            <h1>"Who has read my answers"</h1>
            <p>"Each read of a submitted answer by somebody other than you."</p>
        </div></div>
        {if reads.is_empty() {
            view! {
                <Empty heading="Nobody has read an answer of yours">
                    <p>"When a facilitator opens one, it stands here with the time."</p>
                </Empty>
            }
            .into_any()
        } else {
            table(reads).into_any()
        }}
    }
}

fn table(reads: Vec<ReadOfMine>) -> impl IntoView {
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="Reads of my answers">
            <table>
                <thead><tr><th>"Answer"</th><th>"Read by"</th><th>"First"</th><th>"Last"</th></tr></thead>
                <tbody>
                    {reads
                        .into_iter()
                        .map(|read| view! {
                            <tr>
                                <td>
                                    <a href=format!("/one-on-one/{}/{}", read.invitation_id, read.question)>
                                        {format!("{}, question {}", read.key, read.question)}
                                    </a>
                                    " "{read.title}
                                </td>
                                <td>{read.reader}</td>
                                <td><When at=read.first_at/></td>
                                <td><When at=read.last_at/></td>
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
