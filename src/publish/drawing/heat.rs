//! How full shared car parks are through the week: a row a lot, a column an hour, darker is fuller. Rounded by the rule of
//! [`audience::about`], so a few cars are only "some".

use super::stringline::shorten;
use super::svg::Svg;
use crate::domain::units::{People, ServiceTime};
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::publish::audience;

/// Six steps from free to full, readable in grey print.
pub const STEPS: [&str; 6] = ["#eef2f4", "#cfe3e4", "#9fcbcd", "#63abaf", "#2b858b", "#0b5a61"];

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The heat map, `days` being the seven names to write; `None` where nothing is known.
#[must_use]
pub fn svg(project: &Project, plan: &Plan, days: &[String; 7], label: &str) -> Option<String> {
    let k = project.policy.k_anonymity;
    let mut lots: Vec<&str> = plan.parking.occupancy.iter().map(|o| o.lot.as_str()).collect();
    lots.sort_unstable();
    lots.dedup();
    // Lots in the order of the project's file.
    lots.sort_by_key(|id| project.lots.iter().position(|lot| lot.id == *id));
    if lots.is_empty() {
        return None;
    }
    let (width, left, top, row) = (960.0, 150.0, 24.0, 20.0);
    let day_width = (width - left - 6.0) / 7.0;
    let mut svg = Svg::new(width, top + row * lots.len() as f64 + 22.0, label);
    svg.group(r##"font-size="12" text-anchor="middle" fill="#1c2733""##);
    for (d, name) in days.iter().enumerate() {
        svg.text((left + day_width * (d as f64 + 0.5), 15.0), name, "");
    }
    svg.end();
    for (r, id) in lots.iter().enumerate() {
        let y = top + row * r as f64;
        let lot = project.lots.iter().find(|lot| lot.id == *id);
        let name = shorten(lot.map_or(*id, |lot| &lot.name), 12.0, left - 14.0);
        svg.text((left - 8.0, y + 14.0), &name, r##"font-size="12" text-anchor="end" fill="#1c2733""##);
        for (d, day) in DAYS.iter().enumerate() {
            let x = left + day_width * d as f64;
            svg.rect(x, y + 1.0, day_width - 3.0, row - 2.0, &format!(r#"fill="{}""#, STEPS[0]));
            let Some(use_) = plan.parking.occupancy.iter().find(|o| o.lot == *id && o.day == *day) else { continue };
            for (i, &(from, used, _)) in use_.changes.iter().enumerate() {
                let until = use_.changes.get(i + 1).map_or(ServiceTime::hm(24, 0), |next| next.0);
                let (from, until) = (from.0.min(86_400), until.0.min(86_400));
                let step = darkness(used, lot.map_or(used, |lot| lot.bays), k);
                if step > 0 && until > from {
                    let at = |time: u32| f64::from(time) / 86_400.0 * (day_width - 3.0);
                    svg.rect(
                        x + at(from),
                        y + 1.0,
                        at(until) - at(from),
                        row - 2.0,
                        &format!(r#"fill="{}""#, STEPS[step]),
                    );
                }
            }
        }
    }
    svg.group(r##"font-size="10" text-anchor="middle" fill="#5a6570""##);
    for d in 0..7 {
        for hour in [6.0, 12.0, 18.0] {
            let x = left + day_width * f64::from(d) + hour / 24.0 * (day_width - 3.0);
            svg.text((x, top + row * lots.len() as f64 + 13.0), &super::svg::num(hour), "");
        }
    }
    svg.end();
    Some(svg.finish())
}

/// Step of the scale: 0 nobody, 1 a few or up to a fifth … 5 more than four fifths.
fn darkness(used: u32, bays: u32, k: u32) -> usize {
    match audience::about(People::whole(used), k) {
        audience::About::Nobody => 0,
        audience::About::Few => 1,
        audience::About::Around(used) => {
            let fifths = f64::from(used) / f64::from(bays.max(1)) * 5.0;
            // At most five, so a position in STEPS.
            [1.0, 2.0, 3.0, 4.0].into_iter().filter(|&limit| fifths > limit).count() + 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_cars_are_only_some() {
        // In a lot of four bays four cars are full, but fewer than five: only "some".
        assert_eq!(darkness(4, 4, 5), 1);
        assert_eq!(darkness(0, 40, 5), 0);
        assert_eq!(darkness(12, 40, 5), 2);
        assert_eq!(darkness(40, 40, 5), 5);
    }
}
