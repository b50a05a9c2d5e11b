//! What does it cost to run? Blocks, the mean day, budgets, upkeep; all in whole fen, by the rules in [`super::plan`].

use jiff::civil::Date;

use super::plan::{Block, BlockCost, Item, ItemKind};
use super::project::{Budget, Upkeep, VehicleType};
use crate::domain::calendar::Service;
use crate::domain::units::{Fen, Metres, Seconds, divide_half_up};

/// Price of a vehicle's day with so much time away from the depot and so many metres, rounded half up once.
#[must_use]
pub fn day(away: Seconds, metres: Metres, vehicle: &VehicleType) -> Fen {
    let hours = i128::from(away.0.saturating_sub(vehicle.included.0)) * i128::from(vehicle.cost_per_extra_hour.0);
    let km = i128::from(metres.0.saturating_sub(vehicle.included_m.0)) * i128::from(vehicle.cost_per_extra_km.0);
    // Seconds are 1/3600 hours, metres 1/1000 km: 18,000 is the least both divide.
    let extra = divide_half_up(hours * 5 + km * 18, 18_000);
    Fen(vehicle.cost_per_day.0.saturating_add(i64::try_from(extra).unwrap_or(i64::MAX)))
}

/// Does the vehicle stand at its depot in this item?
#[must_use]
pub fn at_depot(item: &Item, depot: &str) -> bool {
    matches!(item.kind, ItemKind::Layover | ItemKind::Break | ItemKind::Charge)
        && item.from == depot
        && item.to == depot
}

/// Time away from the depot: all items but the stays there.
#[must_use]
pub fn away(block: &Block) -> Seconds {
    block.items.iter().filter(|item| !at_depot(item, &block.depot)).map(|item| item.end.since(item.start)).sum()
}

/// Loaded and empty metres: the items' kilometres to the metre.
#[must_use]
pub fn metres(items: &[Item]) -> Metres {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "f64 to u32 saturates, NaN gives 0")]
    let metres = |item: &Item| (item.km * 1000.0).round() as u32;
    Metres(items.iter().map(metres).fold(0, u32::saturating_add))
}

/// Cost of a block on a day it runs.
#[must_use]
pub fn block_cost(block: &Block, vehicle: &VehicleType) -> BlockCost {
    let (away, metres) = (away(block), metres(&block.items));
    BlockCost {
        block: block.id.clone(),
        fen: day(away, metres, vehicle),
        hours: f64::from(away.0) / 3600.0,
        km: f64::from(metres.0) / 1000.0,
    }
}

/// Running cost of the mean day: each service's day cost weighted by its days in force; 0 without any day.
#[must_use]
pub fn mean_day(day_costs: &[Fen], days: &[u32]) -> Fen {
    let all: i128 = days.iter().map(|&days| i128::from(days)).sum();
    if all == 0 {
        return Fen::ZERO;
    }
    let sum: i128 = day_costs.iter().zip(days).map(|(cost, &days)| i128::from(cost.0) * i128::from(days)).sum();
    Fen(i64::try_from(divide_half_up(sum, all)).unwrap_or(i64::MAX))
}

/// What is kept up: lines and stops in use, fen a day.
#[must_use]
pub fn upkeep(lines: usize, stops: usize, prices: &Upkeep) -> Fen {
    let times = |price: Fen, count: usize| price.0.saturating_mul(i64::try_from(count).unwrap_or(i64::MAX));
    Fen(times(prices.per_line, lines).saturating_add(times(prices.per_stop, stops)))
}

/// The time a budget is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    /// A day of this service.
    Day {
        /// Service id.
        service: String,
    },
    /// A calendar month.
    Month {
        /// Year.
        year: i16,
        /// 1 to 12.
        month: i8,
    },
}

/// A budget that is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excess {
    /// When.
    pub span: Span,
    /// What it costs.
    pub cost: Fen,
    /// What there is.
    pub limit: Fen,
}

/// Calendar months with what the services' days in them cost, ascending. `day_costs` in the order of `services`.
#[must_use]
pub fn by_month(services: &[Service], day_costs: &[Fen]) -> Vec<((i16, i8), Fen)> {
    let mut months = std::collections::BTreeMap::new();
    for (service, cost) in services.iter().zip(day_costs) {
        for date in service.dates() {
            *months.entry((Date::year(date), Date::month(date))).or_insert(Fen::ZERO) += *cost;
        }
    }
    months.into_iter().collect()
}

/// Every budget that is not kept, days first. `day_costs` in the order of `services`.
#[must_use]
pub fn excess(services: &[Service], day_costs: &[Fen], budget: &Budget) -> Vec<Excess> {
    let mut found = Vec::new();
    if let Some(limit) = budget.per_day {
        for (service, &cost) in services.iter().zip(day_costs).filter(|(_, cost)| **cost > limit) {
            found.push(Excess { span: Span::Day { service: service.id.clone() }, cost, limit });
        }
    }
    if let Some(limit) = budget.per_month {
        for ((year, month), cost) in by_month(services, day_costs).into_iter().filter(|(_, cost)| *cost > limit) {
            found.push(Excess { span: Span::Month { year, month }, cost, limit });
        }
    }
    found
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::calendar::{Days, Holidays, Week};
    use crate::domain::units::ServiceTime;

    /// CNY 900 for 8 h and 100 km, then 60 an hour and 6 a km; two of them.
    pub(crate) fn minibus() -> VehicleType {
        VehicleType {
            id: "minibus19".to_owned(),
            name: "中巴".to_owned(),
            seats: 19,
            wheelchair_places: 0,
            count: 2,
            cost_per_day: Fen(90_000),
            included: Seconds(8 * 3600),
            included_m: Metres(100_000),
            cost_per_extra_hour: Fen(6000),
            cost_per_extra_km: Fen(600),
            depot: "yard".to_owned(),
            from: ServiceTime::hm(5, 0),
            to: ServiceTime::hm(23, 0),
            battery_kwh: None,
            kwh_per_km: None,
            charge_kw: None,
        }
    }

    #[test]
    fn hire_hours_and_kilometres_round_once() {
        let bus = minibus();
        assert_eq!(day(Seconds(8 * 3600), Metres(100_000), &bus), Fen(90_000), "all included");
        // 1 s more: 6000/3600 = 1.67 fen. 1 m more: 0.6 fen. Together 2.27 -> 2; apart they would be 2 + 1.
        assert_eq!(day(Seconds(8 * 3600 + 1), Metres(100_001), &bus), Fen(90_002));
        // 90 min and 12.5 km more: 90 + 75 yuan.
        assert_eq!(day(Seconds(34_200), Metres(112_500), &bus), Fen(90_000 + 9000 + 7500));
    }

    #[test]
    fn time_at_the_depot_is_free() {
        let item = |kind, from: &str, to: &str, start, end, km| Item {
            kind,
            from: from.to_owned(),
            to: to.to_owned(),
            start: ServiceTime::hm(start, 0),
            end: ServiceTime::hm(end, 0),
            km,
            trip: None,
        };
        let block = Block {
            id: "b".to_owned(),
            service: "weekday".to_owned(),
            vehicle_type: "minibus19".to_owned(),
            depot: "yard".to_owned(),
            items: vec![
                item(ItemKind::PullOut, "yard", "a", 7, 8, 60.0),
                item(ItemKind::PullIn, "a", "yard", 8, 9, 60.5),
                item(ItemKind::Break, "yard", "yard", 9, 16, 0.0),
                item(ItemKind::PullOut, "yard", "a", 16, 17, 1.0),
                item(ItemKind::Break, "a", "a", 17, 22, 0.0),
                item(ItemKind::PullIn, "a", "yard", 22, 23, 0.0),
            ],
        };
        // 9 h away (1 over), 121.5 km (21.5 over): 900 + 60 + 129 yuan.
        let cost = block_cost(&block, &minibus());
        assert_eq!((cost.fen, cost.hours, cost.km), (Fen(108_900), 9.0, 121.5));
    }

    #[test]
    fn months_are_counted_by_their_days() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let service = |id, week| {
            Service::new(id, &Days::Weekly(week), date("2026-12-01"), date("2027-01-31"), &Holidays::default())
        };
        let services = [service("weekday", Week::WORKING), service("weekend", Week::span(5, 6))];
        let costs = [Fen(100_000), Fen(40_000)];
        // December 2026 begins on a Tuesday: 23 working days, 8 at weekends. January 2027: 21 and 10.
        assert_eq!(
            by_month(&services, &costs),
            vec![((2026, 12), Fen(2_300_000 + 320_000)), ((2027, 1), Fen(2_100_000 + 400_000))]
        );
        let budget = Budget { per_day: Some(Fen(90_000)), per_month: Some(Fen(2_500_000)) };
        assert_eq!(
            excess(&services, &costs, &budget),
            vec![
                Excess { span: Span::Day { service: "weekday".to_owned() }, cost: Fen(100_000), limit: Fen(90_000) },
                Excess { span: Span::Month { year: 2026, month: 12 }, cost: Fen(2_620_000), limit: Fen(2_500_000) },
            ]
        );
        // 44 x 100,000 + 18 x 40,000 over 62 days: 82,580.6.
        assert_eq!(mean_day(&costs, &[44, 18]), Fen(82_581));
        assert_eq!(mean_day(&costs, &[0, 0]), Fen::ZERO);
        assert_eq!(upkeep(2, 7, &Upkeep::default()), Fen(2 * 4000 + 7 * 500));
    }
}
