use jiebo::publish::riding::Text;
use jiebo::routing::promises::{Promise, Sheet, Visit, What, Wish};
use jiebo::storage::rides::{self, Key, Ride, Written};
use jiebo::storage::{StorageError, Store, projects};
use jiff::Timestamp;

use crate::contract;
use crate::jobs::project;

fn key(offer: &str, day: &str) -> Key {
    Key { project: "p".to_owned(), offer: offer.to_owned(), date: day.parse().unwrap() }
}

fn visit(ticket: usize, what: What, begins: i32, driven: bool) -> Visit {
    Visit { ticket, what, place: ticket + 1, begins, driven }
}

fn written(at: i32) -> Written {
    let visits = vec![visit(0, What::Board, 600, true), visit(0, What::Alight, 900, false)];
    Written { at, sheets: vec![Sheet { visits }, Sheet::default()] }
}

fn ride(key: &Key, ticket: usize, wish: Wish) -> Ride {
    // One on a seat, one in a wheelchair.
    let load = std::array::from_fn(|kind| i32::from(kind < 2));
    let promise = Promise {
        pickup: 1,
        setdown: 2,
        window: (600, 900),
        down: (0, 1500),
        longest: 500,
        board: 15,
        alight: 15,
        people: 2,
        load,
    };
    Ride {
        id: String::new(),
        key: key.clone(),
        ticket,
        before: None,
        code: format!("C{ticket}"),
        from: "a".to_owned(),
        to: "b".to_owned(),
        promise,
        wish,
        ready: 580,
        wheelchair: true,
        planned: (600, 900),
        cancelled: false,
        called_off: None,
        created: String::new(),
    }
}

async fn begin(store: &Store, key: &Key) -> bool {
    let mut tx = store.write().await.unwrap();
    let begun = rides::begin(&mut tx, key, "plan", &written(60), Timestamp::now()).await.unwrap();
    tx.commit().await.unwrap();
    begun
}

contract!(a_day_is_written_by_who_read_it_last, store, {
    project(&store, "p").await;
    let key = key("mini", "2026-12-01");
    assert_eq!(rides::day(&mut store.read().await.unwrap(), &key).await.unwrap(), None);
    assert!(begin(&store, &key).await);
    assert!(!begin(&store, &key).await);
    let day = rides::day(&mut store.read().await.unwrap(), &key).await.unwrap().unwrap();
    assert_eq!((day.plan.as_str(), day.at, day.revision), ("plan", 60, 1));
    assert_eq!(day.sheets, written(60).sheets);
    for (revision, done) in [(1, true), (1, false), (2, true), (7, false)] {
        let mut tx = store.write().await.unwrap();
        let at = 100 + i32::try_from(revision).unwrap();
        let of = (revision, "another");
        assert_eq!(rides::write(&mut tx, &key, of, &written(at), Timestamp::now()).await.unwrap(), done);
        tx.commit().await.unwrap();
    }
    let day = rides::day(&mut store.read().await.unwrap(), &key).await.unwrap().unwrap();
    assert_eq!((day.plan.as_str(), day.at, day.revision), ("another", 102, 3));
});

contract!(of_two_who_write_at_once_one_does, store, {
    project(&store, "p").await;
    let key = key("mini", "2026-12-01");
    assert!(begin(&store, &key).await);
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (store, key) = (store.clone(), key.clone());
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                let done = rides::write(&mut tx, &key, (1, "plan"), &written(61), Timestamp::now()).await.unwrap();
                tx.commit().await.unwrap();
                done
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += usize::from(task.await.unwrap());
    }
    assert_eq!(done, 1);
});

contract!(rides_come_back_as_they_were_promised, store, {
    project(&store, "p").await;
    let (mini, other) = (key("mini", "2026-12-01"), key("mini", "2026-12-02"));
    assert!(begin(&store, &mini).await && begin(&store, &other).await);
    let now = Timestamp::now();
    let mut added = Vec::new();
    for (ticket, wish) in [Wish::DepartAfter, Wish::ArriveBy].into_iter().enumerate() {
        let mut tx = store.write().await.unwrap();
        added.push(rides::add(&mut tx, &format!("hash-{ticket}"), &ride(&mini, ticket, wish), now).await.unwrap());
        tx.commit().await.unwrap();
    }
    let mut conn = store.read().await.unwrap();
    assert_eq!(rides::of_day(&mut conn, &mini).await.unwrap(), added);
    assert_eq!(rides::of_day(&mut conn, &other).await.unwrap(), []);
    assert_eq!(rides::by_token(&mut conn, "hash-1").await.unwrap().as_ref(), Some(&added[1]));
    assert_eq!(rides::by_token(&mut conn, "none").await.unwrap(), None);
    let begun = rides::begun(&mut conn, "p", mini.date).await.unwrap();
    assert_eq!(begun, [("mini".to_owned(), "plan".to_owned(), true)]);
    assert_eq!(rides::promised(&mut conn, "p", "plan", mini.date).await.unwrap(), 2);
    assert_eq!(rides::promised(&mut conn, "p", "plan", other.date).await.unwrap(), 0);
    assert_eq!(rides::by_code(&mut conn, &mini, "C1").await.unwrap().as_ref(), Some(&added[1]));
    assert_eq!(rides::by_code(&mut conn, &other, "C1").await.unwrap(), None);
    let between = rides::between(&mut conn, mini.date, mini.date).await.unwrap();
    assert_eq!(between, [(mini.clone(), "plan".to_owned(), 900)]);
    drop(conn);

    // A link and a ticket are one ride's each.
    for (token, ticket) in [("hash-0", 2), ("hash-2", 1)] {
        let mut tx = store.write().await.unwrap();
        let twice = rides::add(&mut tx, token, &ride(&mini, ticket, Wish::DepartAfter), now).await;
        assert!(matches!(twice, Err(StorageError::Conflict(_))), "{twice:?}");
    }
    let mut tx = store.write().await.unwrap();
    let why = Text { zh: "车坏了".to_owned(), en: String::new() };
    rides::cancel(&mut tx, &Ride { called_off: Some(why.clone()), ..added[0].clone() }, now).await.unwrap();
    // A ticket that is missing would shift those that follow: the day is not read.
    rides::add(&mut tx, "hash-3", &ride(&other, 3, Wish::DepartAfter), now).await.unwrap();
    tx.commit().await.unwrap();
    let mut conn = store.read().await.unwrap();
    let all = rides::of_day(&mut conn, &mini).await.unwrap();
    assert_eq!(all.iter().map(|ride| ride.cancelled).collect::<Vec<_>>(), [true, false]);
    assert_eq!(all[0].called_off.as_ref(), Some(&why));
    assert!(matches!(rides::of_day(&mut conn, &other).await, Err(StorageError::Damaged(_))));
    drop(conn);

    // All are cancelled and set aside: the tickets are free again, and their links still lead to them.
    let mut tx = store.write().await.unwrap();
    rides::cancel(&mut tx, &added[1], now).await.unwrap();
    assert!(!rides::begun(&mut tx, "p", mini.date).await.unwrap()[0].2);
    for ride in all {
        rides::set_aside(&mut tx, &ride, "plan").await.unwrap();
    }
    assert_eq!(rides::of_day(&mut tx, &mini).await.unwrap(), []);
    rides::add(&mut tx, "hash-4", &ride(&mini, 0, Wish::DepartAfter), now).await.unwrap();
    let first = rides::by_token(&mut tx, "hash-0").await.unwrap().unwrap();
    assert_eq!((first.before.as_deref(), first.called_off, first.cancelled), (Some("plan"), Some(why), true));
    tx.commit().await.unwrap();

    // They go with their project.
    let mut tx = store.write().await.unwrap();
    projects::remove(&mut tx, "p").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(rides::by_token(&mut store.read().await.unwrap(), "hash-1").await.unwrap(), None);
});

contract!(days_long_over_are_forgotten, store, {
    project(&store, "p").await;
    let now: Timestamp = "2026-12-01T12:00:00Z".parse().unwrap();
    // Sixty days before, and the day before that.
    for (day, kept) in [("2026-10-01", false), ("2026-10-02", true), ("2026-12-08", true)] {
        let key = key("mini", day);
        assert!(begin(&store, &key).await);
        let mut tx = store.write().await.unwrap();
        rides::add(&mut tx, day, &ride(&key, 0, Wish::DepartAfter), now).await.unwrap();
        rides::forget(&mut tx, now).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        assert_eq!(rides::day(&mut conn, &key).await.unwrap().is_some(), kept, "{day}");
        assert_eq!(rides::by_token(&mut conn, day).await.unwrap().is_some(), kept, "{day}");
    }
});
