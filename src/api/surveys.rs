//! Surveys: rounds of a project, the form behind a round's link, answers, and how they come into a plan.
//!
//! | file         | what                                                              |
//! |--------------|-------------------------------------------------------------------|
//! | `rounds`     | open, name, close a round; its QR code                            |
//! | `answer`     | one answer: what it may say, and the journeys it means            |
//! | `responses`  | by anyone with a link: answer, see, change, withdraw              |
//! | `ride`       | "am I on it, and if not, why?"                                    |
//! | `reading`    | answers read and exported by those who may                        |
//!
//! Nobody is asked for a name or a contact. An answer belongs to whoever has its link.

pub(in crate::api) mod answer;
mod reading;
pub(in crate::api) mod responses;
pub(in crate::api) mod ride;
pub(in crate::api) mod rounds;

use std::sync::{Arc, Mutex};

use sqlx::AnyConnection;
use utoipa_axum::router::OpenApiRouter;

use super::app::{App, aside};
use super::parking;
use super::problem::Problem;
use crate::intake::choices::{self, Choices};
use crate::intake::joined;
use crate::storage::StorageError;
use crate::storage::projects::{self, File, Packed};
use crate::storage::surveys;
use answer::Answer;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(rounds::routes())
        .merge(responses::routes())
        .merge(ride::routes())
        .merge(reading::routes())
}

/// The survey files of a project.
const SURVEYS: [&str; 2] = ["survey.csv", "survey.xlsx"];

fn is_one_of(file: &File, names: &[&str]) -> bool {
    names.iter().any(|name| file.name.eq_ignore_ascii_case(name))
}

/// The files a plan is made from.
#[derive(Debug)]
pub(super) struct Inputs {
    files: Vec<File>,
    /// What of them is not a file of the project.
    made: Vec<Packed>,
}

impl Inputs {
    /// Keeps what is new among them, and names them.
    pub(super) async fn keep(&self, conn: &mut AnyConnection) -> Result<Vec<File>, StorageError> {
        for packed in &self.made {
            projects::keep(conn, packed).await?;
        }
        Ok(self.files.clone())
    }
}

/// The files a plan is made from as they are now: the project's, with the answers of its survey rounds in its survey and what its
/// register of bays adds. Made before the
/// transaction in which the plan is asked for, since joining thousands of answers takes a while.
pub(super) async fn inputs(app: &App, project: &str) -> Result<Inputs, Problem> {
    let mut conn = app.store().read().await?;
    let mut files = projects::files(&mut conn, project).await?;
    let answers = surveys::of_project(&mut conn, project).await?;
    drop(conn);
    let mut made = Vec::new();
    for (name, packed) in parking::inputs(app, project, &files).await? {
        files.retain(|file| !file.name.eq_ignore_ascii_case(&name));
        files.push(File { name, sha: packed.sha.clone(), size: packed.size });
        made.push(packed);
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    if answers.is_empty() {
        return Ok(Inputs { files, made });
    }
    let needed: Vec<File> =
        files.iter().filter(|file| is_one_of(file, &choices::FILES) || is_one_of(file, &SURVEYS)).cloned().collect();
    let sources = app.sources(&needed).await?;
    let joined = aside(move || {
        let mut journeys = Vec::with_capacity(answers.len() * 2);
        for (number, text) in (0..).zip(&answers) {
            journeys.extend(Answer::read(text)?.journeys(number));
        }
        Ok::<_, StorageError>(joined::survey(&sources, &journeys).map(|bytes| Packed::new(&bytes)))
    })
    .await??;
    // A survey that cannot be read stays as it is: the plan's findings say what is wrong with it.
    if let Some(packed) = joined {
        files.retain(|file| !is_one_of(file, &SURVEYS));
        files.push(File { name: joined::NAME.to_owned(), sha: packed.sha.clone(), size: packed.size });
        files.sort_by(|a, b| a.name.cmp(&b.name));
        made.push(packed);
    }
    Ok(Inputs { files, made })
}

/// Choices kept parsed, by the hashes of their files: a form is asked for often, the files change seldom.
static KEPT: Mutex<Vec<(String, Arc<Choices>)>> = Mutex::new(Vec::new());
/// So many.
const MOST_KEPT: usize = 16;

/// What somebody who answers may choose from.
pub(super) async fn choices_of(app: &App, project: &str) -> Result<Arc<Choices>, Problem> {
    let mut files = projects::files(&mut *app.store().read().await?, project).await?;
    files.retain(|file| is_one_of(file, &choices::FILES));
    let key: String = files.iter().map(|file| format!("{} {} ", file.name, file.sha)).collect();
    if let Ok(kept) = KEPT.lock()
        && let Some((_, found)) = kept.iter().find(|(known, _)| *known == key)
    {
        return Ok(Arc::clone(found));
    }
    let sources = app.sources(&files).await?;
    let found = Arc::new(aside(move || choices::choices(&sources)).await?);
    if let Ok(mut kept) = KEPT.lock() {
        if kept.len() >= MOST_KEPT {
            kept.remove(0);
        }
        kept.push((key, Arc::clone(&found)));
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
