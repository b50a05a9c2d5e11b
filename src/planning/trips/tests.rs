use super::*;
use crate::domain::units::People;
use crate::network::profile::Band;
use crate::planning::model::tiny;
use crate::search::Random;

/// Minute by minute, as a day is told in words.
fn slowly(offer: &Offer, model: &Model) -> Vec<(u32, Times, Vec<Choice>)> {
    let departure = |minute: &u32| {
        let times = times(model, &offer.pattern, ServiceTime(minute * 60))?;
        let choices = offer.choices(model, ServiceId(0), &times);
        (!choices.is_empty()).then_some((*minute, times, choices))
    };
    model.minutes.iter().filter_map(departure).collect()
}

/// A world with its own times in each band, some drives impossible in one, trains, and people at all hours.
fn world(seed: u64) -> Model {
    let mut random = Random::new(seed);
    let stops = 4 + random.below(3);
    let rides = (0..30)
        .map(|_| {
            let from = random.below(stops);
            let to = (from + 1 + random.below(stops - 1)) % stops;
            let number = |at: usize| u32::try_from(at).unwrap();
            let at = ServiceTime(number(5 * 3600 + random.below(6 * 3600)));
            let mut ride = tiny::arriving(number(from), number(to), at, 1000, 1 + i64::from(number(random.below(60))));
            if random.below(2) == 0 {
                ride.kind = TimeKind::DepartAfter;
            }
            ride.people = People(1 + number(random.below(3000)));
            ride.max_wait = Seconds(number(300 + random.below(1500)));
            ride
        })
        .collect();
    let mut model = tiny::row(stops, 200, rides);
    for matrix in &mut model.drive {
        for cell in &mut matrix.cells {
            *cell = match random.below(40) {
                0 => None,
                more => cell.map(|(seconds, metres)| (Seconds(seconds.0 + more as u32 * 7), metres)),
            };
        }
    }
    for walks in &mut model.walk.any {
        for walk in walks {
            *walk = (random.below(2) == 0).then_some(Metres(random.below(400) as u32));
        }
    }
    for trains in &mut model.trains[0] {
        if random.below(2) == 0 {
            let every = 300 + random.below(900) as u32;
            *trains = (0..40).map(|k| ServiceTime(5 * 3600 + k * every)).collect();
        }
    }
    // A peak that begins and ends between two whole minutes, and periods with a hole in them.
    model.policy.am_peak = (ServiceTime(7 * 3600 + 90), ServiceTime(8 * 3600 + 30 * random.below(40) as u32));
    model.policy.pm_peak = (ServiceTime(9 * 3600), ServiceTime(9 * 3600 + 1800));
    model.minutes = (6 * 60..8 * 60 + 10).chain(8 * 60 + 40..10 * 60).collect();
    model
}

#[test]
fn a_day_is_its_departures_one_by_one() {
    let mut seen = 0;
    for seed in 0..60 {
        let model = world(seed);
        let stops = model.stops.len() as u32;
        for pattern in [vec![0, 1], vec![0, 2, 3], vec![stops - 1, 1, 0], vec![2, 0, 1, 3]] {
            let offer = Offer::new(&model, Pattern(pattern.into_iter().map(StopId).collect()));
            let slow = slowly(&offer, &model);
            seen += slow.len();
            assert_eq!(offer.day(&model, ServiceId(0)), slow, "seed {seed}, {:?}", offer.pattern);
        }
    }
    assert!(seen > 5_000, "{seen} departures are too few to say anything");
}

#[test]
fn spells_end_where_a_drive_meets_another_band() {
    // Peak from 7:00 on. Two legs of 200 s and a dwell: the second drive begins 200 s + dwell after departure. A departure at
    // 6:56 leaves the second stop at 6:59:20 + dwell or later; the first spell ends where that passes 7:00.
    let mut model = tiny::row(3, 200, Vec::new());
    model.policy.am_peak = (ServiceTime::hm(7, 0), ServiceTime::hm(20, 0));
    model.policy.pm_peak = (ServiceTime::hm(20, 0), ServiceTime::hm(20, 0));
    model.policy.dwell = Seconds(30);
    model.minutes = (6 * 60 + 50..7 * 60 + 5).collect();
    assert_eq!(model.policy.band_at(ServiceTime::hm(7, 0)), Band::Am);
    let spells = spells(&model, &Pattern(vec![StopId(0), StopId(1), StopId(2)]));
    let first: Vec<u32> = spells.iter().map(|spell| model.minutes[spell.from]).collect();
    // 6:56 + 230 s = 6:59:50 is before the peak, 6:57 + 230 s = 7:00:50 is not; from 7:00 the first drive is in it too.
    assert_eq!(first, [6 * 60 + 50, 6 * 60 + 57, 7 * 60]);
}
