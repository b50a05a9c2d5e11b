//! firms.csv: employers and their people; answers are weighted and costs shared by them.

use super::Folder;
use super::cells::Then;
use super::columns::FIRMS;
use super::findings::Findings;
use super::places::{Names, Places};
use super::sites::{MOST_PEOPLE, new_id, thousandths};
use crate::domain::units::People;
use crate::planning::project::Firm;

pub(super) fn read(folder: &Folder<'_>, places: &mut Places, findings: &mut Findings) -> (Vec<Firm>, Names) {
    let (mut firms, mut names, mut rows) = (Vec::new(), Names::default(), Vec::new());
    let Some(table) = folder.table(&FIRMS, false, findings) else { return (firms, names) };
    let [id, name, site, people] = ["id", "name", "site", "people"].map(|name| table.col(name));
    for entry in table.rows() {
        let Some((firm_id, written)) = new_id(entry, id, &names, |at| rows[at], findings) else { continue };
        // A firm whose park is not known still has people and answers; it only gets no share by park.
        let site = places.site_id(entry, site, Then::Empty, findings).unwrap_or_default();
        let head = entry.number(people, (0.0, MOST_PEOPLE), Then::Empty, findings).ok().flatten();
        let label = entry.text(name);
        names.add(firms.len(), &firm_id, &[label]);
        names.alias(firms.len(), written);
        firms.push(Firm {
            name: if label.is_empty() { firm_id.clone() } else { label.to_owned() },
            id: firm_id,
            site: site.unwrap_or_default(),
            people: head.map_or(People::ZERO, thousandths),
        });
        rows.push(entry.row());
    }
    (firms, names)
}
