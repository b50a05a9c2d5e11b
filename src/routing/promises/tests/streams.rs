//! Whatever is asked, accepted, cancelled, driven and searched again, in any order: after each step the witness finds nothing broken.

use super::*;

/// What happened in all streams.
#[derive(Debug, Default)]
struct Seen {
    accepted: usize,
    gone: usize,
    refused: usize,
    moved: usize,
    cancelled: usize,
    under_way: usize,
    saved: usize,
    stale: usize,
    finished: usize,
}

/// One stream. What was found by `again` is kept for a while before it is taken over, as if it had run beside.
fn stream(seed: u64, steps: usize, seen: &mut Seen) -> (Desk, i64) {
    let mut draw = Draw { random: Random::new(seed), metric: !seed.is_multiple_of(3) };
    let (places, vehicles) = (2 + draw.random.below(7), 1 + draw.random.below(4));
    let mut watched = Watched::new(draw.service(places, vehicles, 1200));
    let (mut now, mut saved) = (0, 0);
    let (mut offers, mut found): (Vec<Offer>, Vec<Again>) = (Vec::new(), Vec::new());
    for step in 0..steps {
        let hint = format!("seed {seed} step {step}");
        if draw.once_in(3) {
            now += draw.below(25);
        }
        match draw.random.below(10) {
            0..=4 => {
                let request = draw.request(places, now, 400);
                let asked = if draw.once_in(3) {
                    let ahead = draw.below(20);
                    watched.desk.ask_again(&request, now, ahead, &run(seed, 100)).unwrap()
                } else {
                    watched.desk.ask(&request, now).unwrap()
                };
                match asked {
                    Answer::Offer(offer) => {
                        seen.moved += usize::from(offer.moves_others());
                        if draw.once_in(5) {
                            offers.push(*offer);
                        } else {
                            // At once, so it stands.
                            assert!(watched.accept(&offer, now), "{hint}");
                            seen.accepted += 1;
                        }
                    }
                    Answer::Refusal(_) => seen.refused += 1,
                }
            }
            5 => {
                if let Some(offer) = offers.pop() {
                    let accepted = watched.accept(&offer, now);
                    seen.accepted += usize::from(accepted);
                    seen.gone += usize::from(!accepted);
                }
            }
            6 if !watched.bookings.is_empty() => {
                let ticket = draw.random.below(watched.bookings.len());
                let cancelled = watched.cancel(ticket, now);
                seen.cancelled += usize::from(cancelled);
                seen.under_way += usize::from(!cancelled);
            }
            7 => {
                let ahead = draw.below(40);
                let again = watched.desk.again(&run(seed, 60), ahead).best;
                // Where nothing comes between it fits, as long as it was said to.
                for later in [0, ahead] {
                    let (mut desk, now) = (watched.desk.clone(), watched.desk.now() + later);
                    assert!(desk.take_over(&again, now).is_ok(), "{hint} {later}");
                }
                found.push(again);
            }
            8 if !found.is_empty() => {
                let again = found.swap_remove(draw.random.below(found.len()));
                watched.desk.advance(now);
                let before = watched.desk.clone();
                match watched.desk.take_over(&again, now) {
                    Ok(gain) => {
                        assert!(gain >= 0, "{hint}");
                        seen.saved += usize::from(gain > 0);
                        if gain == 0 {
                            assert_eq!(before.sheets(), watched.desk.sheets(), "{hint}");
                        }
                        saved += gain;
                        if before.service().rules().per_second == 0 {
                            assert_eq!(before.cost() - watched.desk.cost(), gain, "{hint}");
                        }
                    }
                    Err(_) => {
                        seen.stale += 1;
                        assert_eq!(before.sheets(), watched.desk.sheets(), "{hint}");
                    }
                }
            }
            9 => {
                // The process ends, and another goes on from what was stored.
                let desk = &watched.desk;
                let stored = |ticket: &Ticket| {
                    let cancelled = ticket.state() == desk::State::Cancelled;
                    Ticket::stored(*ticket.promise(), ticket.wish(), ticket.ready(), cancelled)
                };
                let tickets = desk.tickets().iter().map(stored).collect();
                let other = Desk::restore(desk.service().clone(), tickets, &desk.sheets(), desk.now()).unwrap();
                assert_eq!(other.sheets(), desk.sheets(), "{hint}");
                assert_eq!(other.tickets(), desk.tickets(), "{hint}");
                let figures = Figures { refused: 0, share: 0.0, ..desk.figures() };
                assert_eq!(Figures { share: 0.0, ..other.figures() }, figures, "{hint}");
                watched.desk = other;
            }
            _ => watched.desk.advance(now),
        }
        watched.look(&hint);
    }
    // The day ends: all who did not cancel have been driven.
    for _ in 0..6 {
        now += 400;
        watched.desk.advance(now);
        watched.look(&format!("seed {seed} evening"));
    }
    for ticket in watched.desk.tickets().iter().filter(|ticket| ticket.state() != desk::State::Cancelled) {
        assert_eq!(ticket.state(), desk::State::Done, "seed {seed}");
        seen.finished += 1;
    }
    let figures = watched.desk.figures();
    assert!(figures.length >= 0 && figures.out >= 0 && figures.wait >= 0.0, "seed {seed} {figures:?}");
    (watched.desk, saved)
}

#[test]
fn no_promise_is_broken_whatever_comes() {
    let mut seen = Seen::default();
    for seed in 0..cases(60, 2_000) {
        stream(seed, 60, &mut seen);
    }
    println!("{seen:?}");
    let Seen { accepted, gone, refused, moved, cancelled, under_way, saved, stale, finished } = seen;
    let enough = [accepted, gone, refused, moved, cancelled, under_way, saved, stale, finished];
    assert!(enough.iter().all(|&some| some > 5), "{enough:?}");
}

#[test]
fn the_same_calls_give_the_same_day() {
    for seed in 0..5 {
        let days = [(); 2].map(|()| stream(seed, 60, &mut Seen::default()));
        assert_eq!(days[0].0.sheets(), days[1].0.sheets());
        assert_eq!(days[0].0.tickets(), days[1].0.tickets());
        assert_eq!(days[0].1, days[1].1);
    }
}
