//! Names on a map that do not lie on each other: greedy placement, most important first, each in the free place that
//! crosses the least (the eight positions of Imhof 1975, then wider rings with a leader).

/// A rectangle on the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left.
    pub x0: f64,
    /// Top.
    pub y0: f64,
    /// Right.
    pub x1: f64,
    /// Bottom.
    pub y1: f64,
}

impl Rect {
    /// Around a centre.
    #[must_use]
    pub fn around((x, y): (f64, f64), half_width: f64, half_height: f64) -> Self {
        Self { x0: x - half_width, y0: y - half_height, x1: x + half_width, y1: y + half_height }
    }
    /// Do they share ground?
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }
    fn holds(&self, (x, y): (f64, f64)) -> bool {
        x >= self.x0 && x <= self.x1 && y >= self.y0 && y <= self.y1
    }
    fn inside(&self, other: &Self) -> bool {
        self.x0 >= other.x0 && self.x1 <= other.x1 && self.y0 >= other.y0 && self.y1 <= other.y1
    }
}

/// Width of a text, about: Chinese characters are square, Latin letters half as wide.
#[must_use]
pub fn text_width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| if is_wide(c) { 1.0 } else { 0.56 }).sum::<f64>() * size
}

/// A character as wide as high.
#[must_use]
pub fn is_wide(c: char) -> bool {
    c as u32 >= 0x1100 && !('\u{2010}'..='\u{2027}').contains(&c)
}

/// Where a label went.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Its box.
    pub area: Rect,
    /// "start", "middle" or "end".
    pub anchor: &'static str,
    /// x of the anchor.
    pub x: f64,
    /// Base line of each line.
    pub baselines: Vec<f64>,
    /// Point of the box next to its mark, when it is so far that a leader helps.
    pub leader: Option<(f64, f64)>,
}

/// The sheet and what already stands on it.
#[derive(Clone, Debug)]
pub struct Labels {
    sheet: Rect,
    taken: Vec<Rect>,
    soft: Vec<(f64, f64)>,
}

impl Labels {
    /// An empty sheet.
    #[must_use]
    pub fn new(width: f64, height: f64) -> Self {
        Self {
            sheet: Rect { x0: 4.0, y0: 4.0, x1: width - 4.0, y1: height - 4.0 },
            taken: Vec::new(),
            soft: Vec::new(),
        }
    }
    /// Nothing may be written here.
    pub fn take(&mut self, area: Rect) {
        self.taken.push(area);
    }
    /// Better not written here (lines).
    pub fn avoid(&mut self, point: (f64, f64)) {
        self.soft.push(point);
    }
    /// Is it free and on the sheet?
    #[must_use]
    pub fn is_free(&self, area: &Rect) -> bool {
        area.inside(&self.sheet) && !self.taken.iter().any(|other| other.meets(area))
    }

    /// Places lines of text (with their sizes) next to a mark of this radius; `None` when no place is free.
    pub fn place(&mut self, mark: (f64, f64), radius: f64, lines: &[(&str, f64)]) -> Option<Placed> {
        let width = lines.iter().map(|(text, size)| text_width(text, *size)).fold(0.0, f64::max);
        let height: f64 = lines.iter().map(|(_, size)| size * 1.2).sum();
        // East first, then west, the corners, north and south; then rings of sixteen.
        let near = [0.0, 180.0, -40.0, 40.0, -140.0, 140.0, -90.0, 90.0].map(|angle| (angle, radius + 4.0));
        let rings = [22.0, 40.0, 62.0, 90.0, 130.0]
            .into_iter()
            .flat_map(|far| (0..16).map(move |i| (f64::from(i) * 22.5, radius + far)));
        let mut best: Option<(f64, Placed)> = None;
        for (order, (angle, reach)) in near.into_iter().chain(rings).enumerate() {
            let (sin, cos) = (libm::sin(f64::to_radians(angle)), libm::cos(f64::to_radians(angle)));
            let (tip_x, tip_y) = (mark.0 + reach * cos, mark.1 + reach * sin);
            let anchor = if cos > 0.3 {
                "start"
            } else if cos < -0.3 {
                "end"
            } else {
                "middle"
            };
            let x0 = match anchor {
                "start" => tip_x,
                "end" => tip_x - width,
                _ => tip_x - width / 2.0,
            };
            // The box slides from above the mark to below it as the angle turns.
            let y0 = tip_y - height / 2.0 + sin * height / 2.0;
            let area = Rect { x0: x0 - 2.0, y0: y0 - 1.0, x1: x0 + width + 2.0, y1: y0 + height + 1.0 };
            if !self.is_free(&area) {
                continue;
            }
            let crossed = self.soft.iter().filter(|point| area.holds(**point)).count() as f64;
            let score = crossed * 1.5 + (reach - radius) * 0.06 + order as f64 * 0.02;
            if best.as_ref().is_some_and(|(least, _)| *least <= score) {
                continue;
            }
            let mut y = y0;
            let baselines = lines
                .iter()
                .map(|(_, size)| {
                    y += size * 1.2;
                    y - size * 0.3
                })
                .collect();
            let leader =
                (reach > radius + 12.0).then(|| (mark.0.clamp(area.x0, area.x1), mark.1.clamp(area.y0, area.y1)));
            best = Some((score, Placed { area, anchor, x: tip_x, baselines, leader }));
        }
        let (_, placed) = best?;
        self.take(placed.area);
        Some(placed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_names_on_one_spot_do_not_overlap() {
        let mut labels = Labels::new(1000.0, 700.0);
        let mut areas: Vec<Rect> = Vec::new();
        for _ in 0..30 {
            if let Some(placed) = labels.place((500.0, 350.0), 5.0, &[("灵石媒体园东门", 13.0)]) {
                assert!(areas.iter().all(|area| !area.meets(&placed.area)));
                areas.push(placed.area);
            }
        }
        assert!(areas.len() >= 10, "{}", areas.len());
    }

    #[test]
    fn near_the_edge_it_goes_inwards() {
        let mut labels = Labels::new(200.0, 100.0);
        let placed = labels.place((190.0, 50.0), 5.0, &[("延长路站", 12.0)]).unwrap();
        assert_eq!(placed.anchor, "end");
        assert!(placed.area.x1 < 190.0 && placed.leader.is_none());
        assert_eq!(labels.place((1000.0, 50.0), 5.0, &[("外面", 12.0)]), None);
    }
}
