//! As programs and browsers see it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::*;
use crate::domain::calendar::weekday_of;
use crate::publish::phrases::Language;
use crate::storage::backup;

const RIDES: &str = "/v1/public/p/rides";

fn body(from: &str, to: &str, time: &str, people: u32) -> Value {
    let date = tomorrow().to_string();
    json!({ "from": from, "to": to, "date": date, "time": time, "time_kind": "depart_after", "people": people })
}

fn acceptance(ride: &Value, offer: &Value) -> Value {
    let window = &offer["window"];
    json!({ "ride": ride, "window_from": window["from"], "window_until": window["until"], "by": offer["by"],
            "token": offer["token"] })
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_accepted_seen_and_cancelled() {
    let town = town(vec![offer("mini", 1, 4)]).await;
    let (status, there) = town.json("", "GET", RIDES, None).await;
    assert_eq!(status, 200, "{there}");
    let mini = &there["offers"][0];
    assert_eq!((text(mini, "from"), text(mini, "until"), &mini["rules"]["notice_s"]), ("08:00", "20:00", &json!(1800)));
    assert!(mini["dates"].as_array().unwrap().contains(&json!(tomorrow().to_string())));
    assert_eq!(mini["stops"].as_array().unwrap().len(), 3);
    // What it costs and who asks is nobody's business.
    assert!(!there.to_string().contains("fen") && !there.to_string().contains("asks"));

    let ride = body("b", "c", "10:00", 2);
    let (status, answer) = town.json("", "POST", &format!("{RIDES}/ask"), Some(ride.clone())).await;
    assert_eq!(status, 200, "{answer}");
    let offer = &answer["offer"];
    // The vehicle may leave at 8 and is at b from 08:05 on: boarding begins at 10:00 sharp. Two people: 10 + 2 x 5 s to board and to alight,
    // and a ride of 300 s x 1.5 + 120 s at most.
    assert_eq!((&offer["window"]["from"], &offer["window"]["until"]), (&json!(36_000), &json!(36_300)));
    assert_eq!(offer["by"], json!(36_300 + 20 + 570 + 20));
    assert_eq!((text(offer, "by_clock"), text(&offer["window"], "until_clock")), ("10:16", "10:05"));
    // When it really comes depends on who else rides: that is told to who has a ride.
    assert!(offer.get("planned").is_none(), "{offer}");

    let (status, made) = town.json("", "POST", RIDES, Some(acceptance(&ride, offer))).await;
    assert_eq!(status, 201, "{made}");
    let token = text(&made, "token").to_owned();
    assert_eq!(text(&made, "link"), format!("http://t/ride/{token}"));
    assert_eq!((text(&made["ride"], "state"), text(&made["ride"], "vehicle")), ("waiting", "v0"));
    // Sent twice it is one seat.
    let (status, again) = town.json("", "POST", RIDES, Some(acceptance(&ride, offer))).await;
    assert_eq!((status, &again), (201, &made));
    assert_eq!(town.judged(&key("mini")).await.rides.len(), 1);
    // The same token for another ride, here or in another project.
    let other = body("a", "b", "12:00", 1);
    let (_, answer) = town.json("", "POST", &format!("{RIDES}/ask"), Some(other.clone())).await;
    let mut stolen = acceptance(&other, &answer["offer"]);
    stolen["token"] = json!(token);
    let (status, problem) = town.json("", "POST", RIDES, Some(stolen.clone())).await;
    assert_eq!((status, text(&problem, "code")), (409, "ride-token-used"));
    assert_eq!(town.json("", "POST", "/v1/public/q/rides", Some(stolen.clone())).await.0, 404);
    town.publish("q", vec![super::offer("mini", 1, 3)], today()).await;
    let (status, problem) = town.json("", "POST", "/v1/public/q/rides", Some(stolen)).await;
    assert_eq!((status, text(&problem, "code")), (409, "ride-token-used"));

    // Who has the link sees it; nobody without it; of the link only the hash is kept.
    let own = format!("/v1/rides/{token}");
    let (status, seen) = town.json("", "GET", &own, None).await;
    assert_eq!((status, &seen), (200, &made["ride"]));
    assert_eq!(town.json("", "GET", &format!("/v1/rides/{}", tokens::new().unwrap()), None).await.0, 404);
    let mut packed = Vec::new();
    backup::write(town.app.store(), &mut packed).await.unwrap();
    let mut kept = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed.as_slice()), &mut kept).unwrap();
    assert!(!kept.contains(&token) && kept.contains(&tokens::hash(&token)));

    // The operator sees it, a viewer does not.
    let day = format!("/v1/projects/p/rides?date={}", tomorrow());
    let (status, sheets) = town.json("op", "GET", &day, None).await;
    assert_eq!(status, 200, "{sheets}");
    let mini = &sheets["offers"][0];
    assert_eq!((&mini["rides"], &mini["people"]), (&json!(1), &json!(2)));
    let stops = mini["vehicles"][0]["stops"].as_array().unwrap();
    assert_eq!(stops.len(), 2);
    assert_eq!((&stops[0]["board"][0]["code"], &stops[0]["aboard"]), (&seen["code"], &json!(2)));
    assert_eq!(
        (&stops[1]["stop"]["id"], &stops[1]["aboard"], &stops[1]["driven"]),
        (&json!("c"), &json!(0), &json!(false))
    );
    assert_eq!(town.json("view", "GET", &day, None).await.0, 403);
    assert_eq!(town.json("", "GET", &day, None).await.0, 401);

    assert_eq!(town.json("", "DELETE", &own, None).await.0, 204);
    assert_eq!(town.json("", "DELETE", &own, None).await.0, 204);
    assert_eq!(text(&town.json("", "GET", &own, None).await.1, "state"), "cancelled");
    let (_, sheets) = town.json("op", "GET", &day, None).await;
    assert_eq!(sheets["offers"][0]["rides"], json!(0));
    assert!(sheets["offers"][0]["vehicles"][0]["stops"].as_array().unwrap().is_empty());
    town.judged(&key("mini")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_was_given_away_is_told_with_what_there_is_instead() {
    let mut town = town(vec![offer("mini", 1, 1)]).await;
    let ride = body("b", "c", "10:00", 1);
    let ask = format!("{RIDES}/ask");
    let mut offers = Vec::new();
    for _ in 0..2 {
        offers.push(town.json("", "POST", &ask, Some(ride.clone())).await.1["offer"].clone());
    }
    assert_eq!(offers[0]["window"], offers[1]["window"]);
    assert_eq!(town.json("", "POST", RIDES, Some(acceptance(&ride, &offers[0]))).await.0, 201);
    town.restart();
    // One seat: from b to c and back to b are ten minutes and twice fifteen seconds standing: 10:10:30 is later than the longest wait.
    let (status, problem) = town.json("", "POST", RIDES, Some(acceptance(&ride, &offers[1]))).await;
    assert_eq!((status, text(&problem, "code")), (409, "ride-changed"), "{problem}");
    assert!(!text(&problem, "title_zh").is_empty());
    let refusal = &problem["answer"]["refusal"];
    assert_eq!(text(refusal, "reason"), "busy");
    // What is named instead works.
    let ride = body("b", "c", text(refusal, "nearest"), 1);
    let (_, answer) = town.json("", "POST", &ask, Some(ride.clone())).await;
    assert_eq!(town.json("", "POST", RIDES, Some(acceptance(&ride, &answer["offer"]))).await.0, 201, "{answer}");
    assert_eq!(town.judged(&key("mini")).await.rides.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_meant_so_is_said() {
    let town = town(vec![offer("mini", 1, 4)]).await;
    let ask = format!("{RIDES}/ask");
    let good = body("a", "b", "10:00", 1);
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let late = tomorrow().saturating_add(30.days()).to_string();
    for (name, value, status, code) in [
        ("from", json!("x"), 409, "ride-stop-unknown"),
        ("to", json!("a"), 409, "ride-stops-same"),
        ("date", json!(late), 409, "ride-none"),
        ("date", json!("2026-02-31"), 409, "no-such-day"),
        ("date", json!("tomorrow"), 422, "fields"),
        ("time", json!("10.00"), 422, "fields"),
        ("people", json!(0), 422, "fields"),
        ("people", json!(9), 422, "fields"),
    ] {
        let (got, problem) = town.json("", "POST", &ask, Some(with(name, value))).await;
        assert_eq!((got, text(&problem, "code")), (status, code), "{name}");
    }
    // Steps at c; at a and b there are none.
    let mut chair = with("wheelchair", json!(true));
    assert!(town.json("", "POST", &ask, Some(chair.clone())).await.1["offer"].is_object());
    chair["to"] = json!("c");
    let (_, problem) = town.json("", "POST", &ask, Some(chair)).await;
    assert_eq!(text(&problem, "code"), "ride-steps");
    assert!(text(&problem, "title").contains("Stop c") && text(&problem, "title_zh").contains("c站"), "{problem}");
    // Five people and one wheelchair place: nobody can take them, at no time.
    let (_, answer) = town.json("", "POST", &ask, Some(with("people", json!(5)))).await;
    assert_eq!((text(&answer["refusal"], "reason"), &answer["refusal"]["nearest"]), ("room", &Value::Null));
    let (_, answer) = town.json("", "POST", &ask, Some(with("time", json!("23:00")))).await;
    assert_eq!(text(&answer["refusal"], "reason"), "shift");
    let (_, answer) = town.json("", "POST", &ask, Some(good.clone())).await;
    let mut acceptance = acceptance(&good, &answer["offer"]);
    acceptance["token"] = json!("short");
    assert_eq!(town.json("", "POST", RIDES, Some(acceptance)).await.0, 422);
    assert_eq!(town.json("", "GET", "/v1/public/none/rides", None).await.0, 404);
}

/// The value of a hidden field.
fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let begin = format!("name=\"{name}\" value=\"");
    page.split(&begin).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {name}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_lead_from_the_project_to_a_ride_and_back() {
    let town = town(vec![offer("mini", 1, 1)]).await;
    assert!(town.page("", "/p/p?choose=1").await.contains("/rides/p"));
    let form = town.page("", "/rides/p?lang=en&from=b").await;
    assert!(form.contains("Book a ride") && form.contains("<option value=\"b\" selected>Stop b</option>"), "{form}");
    let filled = format!("from=b&to=c&date={}&time=10:00&time_kind=depart_after&people=1", tomorrow());
    let (status, page) = town.fill("/rides/p?lang=en", &filled).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("10:00–10:05") && page.contains("Take it"), "{page}");
    let take = ["window_from", "window_until", "by", "token"].map(|name| format!("&{name}={}", hidden(&page, name)));
    let take = format!("{filled}{}", take.concat());
    let (status, place) = town.fill("/rides/p/take", &take).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{place}");
    let own = place.split('?').next().unwrap().to_owned();
    let page = town.page("", &format!("{place}&lang=en")).await;
    let day = crate::publish::pages::dates::full(Language::En, tomorrow());
    let weekday = &crate::publish::pages::dates::weekdays(Language::En)[weekday_of(tomorrow())];
    assert!(page.contains(&format!("{day} {weekday}")) && page.contains("you board at 10:00"), "{page}");
    let token = own.rsplit('/').next().unwrap();
    assert!(!page.replace(token, "").contains("v0"), "{page}");
    assert!(page.contains("http://t/ride/") && page.contains("Promised") && page.contains("Cancel the ride"), "{page}");
    // A second click leads to the same ride.
    assert_eq!(town.fill("/rides/p/take", &take).await, (StatusCode::SEE_OTHER, place));

    // Nobody sees that others ride but by what is left; the nearest time is one click away.
    let (_, page) = town.fill("/rides/p?lang=en", &filled).await;
    assert!(page.contains("No vehicle can take you then") && page.contains(" instead</button>"), "{page}");
    let retry = filled.replace("10:00", hidden(page.split("</form>").next().unwrap(), "time"));
    assert!(town.fill("/rides/p", &retry).await.1.contains("就这样约"));

    let day = town.page("op", &format!("/projects/p/rides?date={}&lang=en", tomorrow())).await;
    assert!(day.contains("Minibus on request") && day.contains("Stop b") && day.contains("10:00"), "{day}");
    assert!(day.contains("Back at Hutai Road Depot by 14:00"), "{day}");
    // Two vehicles drive lines: who is hired for this is the third.
    assert!(day.contains("Vehicle 3 · 1 seat · Hutai Road Depot") && !day.contains("v0"), "{day}");
    assert!(day.contains(" ≤10:05") && day.contains(" ≤10:15"), "{day}");
    assert_eq!(town.send("view", "GET", "/projects/p/rides", "", String::new()).await.0, StatusCode::FORBIDDEN);
    assert!(town.page("op", "/projects/p/rides").await.contains("没有人预约"));
    assert_eq!(town.fill(&format!("{own}/cancel"), "").await, (StatusCode::SEE_OTHER, own.clone()));
    assert!(town.page("", &own).await.contains("已取消"));
    let unknown = town.send("", "GET", "/ride/nothing", "", String::new()).await;
    assert_eq!(unknown.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_midnight_is_the_service_of_the_day_before() {
    let mut late = offer("late", 1, 4);
    (late.from, late.until) = (ServiceTime::hm(18, 0), ServiceTime::hm(26, 0));
    late.vehicles[0].stints = vec![(late.from, late.until)];
    let town = town(vec![late]).await;
    // Half past midnight of the day after tomorrow is 24:30 of tomorrow's service.
    let date = tomorrow().saturating_add(1.days());
    let filled = format!("from=b&to=c&date={date}&time=00:30&time_kind=depart_after&people=1");
    let (_, page) = town.fill("/rides/p?lang=en", &filled).await;
    assert!(page.contains("18:00–02:00 (next day)"), "{page}");
    assert!(page.contains("00:30–00:35") && hidden(&page, "window_from") == "88200", "{page}");
    let take = ["window_from", "window_until", "by", "token"].map(|name| format!("&{name}={}", hidden(&page, name)));
    let (status, place) = town.fill("/rides/p/take", &format!("{filled}{}", take.concat())).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{place}");
    let own = town.page("", &format!("{place}&lang=en")).await;
    let day = crate::publish::pages::dates::full(Language::En, date);
    assert!(own.contains("00:30–00:35") && own.contains(&day), "{own}");
    assert_eq!(town.judged(&key("late")).await.rides.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_past_midnight_is_named_with_its_day() {
    let mut late = offer("late", 1, 1);
    (late.from, late.until) = (ServiceTime::hm(18, 0), ServiceTime::hm(26, 0));
    late.vehicles[0].stints = vec![(late.from, late.until)];
    let town = town(vec![late]).await;
    let next = tomorrow().saturating_add(1.days());
    let day = crate::publish::pages::dates::list(Language::En, &[next]);
    let taken = wish("b", "c", "23:55");
    let made = offered(town.ask(&taken, at(9, 0)).await.unwrap());
    promised(town.accept(&taken, &made, at(9, 0)).await.unwrap());
    let filled = |time: &str| format!("from=b&to=c&date={}&time={time}&time_kind=depart_after&people=1", tomorrow());
    // One seat, back at b at 24:05:30: who asks for 23:58 is taken on the day after.
    let (_, page) = town.fill("/rides/p?lang=en", &filled("23:58")).await;
    assert!(page.contains(&format!("<p>{day} ")) && page.contains("00:05–00:08"), "{page}");
    // Who asks for 23:55 would wait too long; what is named instead is asked for on its own day.
    let (_, page) = town.fill("/rides/p?lang=en", &filled("23:55")).await;
    assert!(page.contains(" instead</button>"), "{page}");
    let (date, time) = (hidden(&page, "date"), hidden(&page, "time"));
    assert_eq!((date, time), (next.to_string().as_str(), "00:00"));
    assert!(page.contains(&format!("Leave from {day} ")), "{page}");
    let retry = format!("from=b&to=c&date={date}&time={time}&time_kind=depart_after&people=1");
    let (_, page) = town.fill("/rides/p?lang=en", &retry).await;
    assert!(page.contains("Take it") && page.contains(&day), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_other_time_helps_none_is_spoken_of() {
    let town = town(vec![offer("mini", 1, 4)]).await;
    let filled = |time: &str, people: u32| {
        format!("from=b&to=c&date={}&time={time}&time_kind=depart_after&people={people}", tomorrow())
    };
    let (_, page) = town.fill("/rides/p?lang=en", &filled("23:00", 1)).await;
    assert!(page.contains("90 minutes") && page.contains("they run 08:00–20:00"), "{page}");
    let (_, page) = town.fill("/rides/p?lang=en", &filled("10:00", 5)).await;
    assert!(page.contains("So many people") && !page.contains("90 minutes"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn stops_of_two_offers_are_not_ridden_between() {
    let mut north = offer("north", 1, 4);
    north.stops = vec![stop("x", true), stop("y", true), stop("z", true)];
    let town = town(vec![offer("mini", 1, 4), north]).await;
    let (status, problem) = town.json("", "POST", &format!("{RIDES}/ask"), Some(body("a", "x", "10:00", 1))).await;
    assert_eq!((status, text(&problem, "code")), (409, "ride-stops-apart"));
    assert!(text(&problem, "title").contains("Stop a") && text(&problem, "title").contains("Stop x"), "{problem}");
    assert!(text(&problem, "title_zh").contains("a站") && text(&problem, "title_zh").contains("x站"), "{problem}");
}

/// The fields of a form that takes what a page shows.
fn taking(filled: &str, page: &str) -> String {
    let shown = ["window_from", "window_until", "by", "token"].map(|name| format!("&{name}={}", hidden(page, name)));
    format!("{filled}{}", shown.concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn which_side_of_the_road_is_told_after_booking_too() {
    let mut mini = offer("mini", 1, 4);
    // Two kerbs of one spot; the other one is another offer's.
    mini.stops[1].lat += 0.000_04;
    let mut other = offer("other", 1, 4);
    other.stops[1].id = "b2".to_owned();
    let town = town(vec![mini, other]).await;
    let filled = format!("from=b&to=c&date={}&time=10:00&time_kind=depart_after&people=1", tomorrow());
    let (_, page) = town.fill("/rides/p?lang=en", &filled).await;
    assert!(page.contains("Board at Stop b (north side)"), "{page}");
    let (_, place) = town.fill("/rides/p/take", &taking(&filled, &page)).await;
    let own = town.page("", &format!("{place}&lang=en")).await;
    assert!(own.contains("Board at Stop b (north side)"), "{own}");
    let day = town.page("op", &format!("/projects/p/rides?date={}&lang=en", tomorrow())).await;
    assert!(day.contains("Stop b (north side)"), "{day}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_against_it_is_told_above_the_form_as_it_was_filled_in() {
    let town = town(vec![offer("mini", 1, 4)]).await;
    let filled = format!("from=b&to=c&date={}&time=10:00&time_kind=depart_after&people=1", tomorrow());
    // The same stop twice.
    let (status, page) = town.fill("/rides/p?lang=en", &filled.replace("to=c", "to=b")).await;
    assert!(status == StatusCode::OK && page.contains("Both stops are the same. Choose another"), "{page}");
    assert!(page.contains("<option value=\"b\" selected>") && page.contains("value=\"10:00\""), "{page}");
    // What was shown cannot be taken any more: the stop is gone, or the token has another ride.
    let (_, page) = town.fill("/rides/p", &filled).await;
    let take = taking(&filled, &page);
    let (status, page) = town.fill("/rides/p/take?lang=en", &take.replace("from=b", "from=x")).await;
    assert!(status == StatusCode::OK && page.contains("do not serve the stop"), "{page}");
    assert!(page.contains("<option value=\"c\" selected>") && page.contains("value=\"10:00\""), "{page}");
    assert_eq!(town.fill("/rides/p/take", &take).await.0, StatusCode::SEE_OTHER);
    let (status, page) = town.fill("/rides/p/take?lang=en", &take.replace("from=b", "from=a")).await;
    assert!(status == StatusCode::OK && page.contains("This token has another ride"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_stays_filled_in_when_the_language_is_switched() {
    let town = town(vec![offer("mini", 1, 4)]).await;
    let filled = format!("from=b&to=c&date={}&time=10:00&time_kind=arrive_by&people=2", tomorrow());
    let (_, page) = town.fill("/rides/p?lang=en", &filled).await;
    let link = page.split("href=\"").find(|rest| rest.contains("lang=zh")).unwrap().split('"').next().unwrap();
    let page = town.page("", &link.replace("&#38;", "&")).await;
    assert!(page.contains("<option value=\"b\" selected>") && page.contains("<option value=\"c\" selected>"), "{page}");
    assert!(page.contains("<option value=\"arrive_by\" selected>") && page.contains("预约乘车"), "{page}");
    // The page of an acceptance loaded anew.
    assert!(town.page("", "/rides/p/take?lang=zh&from=b").await.contains("<option value=\"b\" selected>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_runs_the_day_cancels_a_ride_and_its_rider_reads_why() {
    let town = town(vec![offer("mini", 1, 4)]).await;
    let mut made = Vec::new();
    for time in ["10:00", "12:00"] {
        let ride = body("b", "c", time, 1);
        let (_, answer) = town.json("", "POST", &format!("{RIDES}/ask"), Some(ride.clone())).await;
        made.push(town.json("", "POST", RIDES, Some(acceptance(&ride, &answer["offer"]))).await.1);
    }
    let code = |at: usize| text(&made[at]["ride"], "code");
    let path = |code: &str| format!("/v1/projects/p/rides/{}/mini/{code}/cancellation", tomorrow());
    let why = json!({ "reason_zh": "车坏了", "reason_en": "The vehicle broke down" });
    for (who, code, status) in [("", code(0), 401), ("view", code(0), 403), ("op", "ZZZZ", 404)] {
        assert_eq!(town.json(who, "PUT", &path(code), Some(why.clone())).await.0, status, "{who}");
    }
    assert_eq!(town.json("op", "PUT", &path(code(0)), Some(json!({ "reason_zh": "" }))).await.0, 422);
    // Said again, nothing changes: not the reason either.
    for why in [why, json!({})] {
        assert_eq!(town.json("op", "PUT", &path(code(0)), Some(why)).await.0, 204);
    }
    let own = |at: usize| format!("/v1/rides/{}", text(&made[at], "token"));
    let (_, ride) = town.json("", "GET", &own(0), None).await;
    assert_eq!((text(&ride, "state"), text(&ride["called_off"], "zh")), ("cancelled", "车坏了"));
    let page = format!("/ride/{}?lang=en", text(&made[0], "token"));
    assert!(town.page("", &page).await.contains("had to cancel this one. The vehicle broke down"));
    // The other one on the page of the day; their own word needs no reason.
    let day = format!("/projects/p/rides?date={}", tomorrow());
    let page = town.page("op", &day).await;
    assert!(page.contains(&format!("<option>{}</option>", code(1))) && !page.contains(code(0)), "{page}");
    let form = format!("date={}&offer=mini&code={}&reason_zh=&reason_en=", tomorrow(), code(1));
    let kind = "application/x-www-form-urlencoded";
    assert_eq!(town.send("view", "POST", "/projects/p/rides", kind, form.clone()).await.0, StatusCode::FORBIDDEN);
    assert_eq!(town.send("op", "POST", "/projects/p/rides", kind, form).await, (StatusCode::SEE_OTHER, day));
    let (_, ride) = town.json("", "GET", &own(1), None).await;
    assert_eq!((text(&ride, "state"), text(&ride["called_off"], "zh")), ("cancelled", ""));
    town.judged(&key("mini")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_withdraws_a_plan_under_which_rides_are_promised_is_asked_again() {
    let town = town(vec![offer("mini", 1, 4)]).await;
    let asked = wish("b", "c", "10:00");
    let made = offered(town.ask(&asked, at(9, 0)).await.unwrap());
    promised(town.accept(&asked, &made, at(9, 0)).await.unwrap());
    let all = publications::list(&mut town.app.store().read().await.unwrap(), "p", "", 9).await.unwrap();
    let path = format!("/projects/p/publications/{}/withdraw?lang=en", all[0].id);
    let withdraw = |form: &str| town.send("plan", "POST", &path, "application/x-www-form-urlencoded", form.to_owned());
    let (status, page) = withdraw("").await;
    assert!(status == StatusCode::OK && page.contains("1 ride is promised under this plan"), "{page}");
    assert!(town.page("", "/rides/p").await.contains("小巴预约"));
    let (status, place) = withdraw("sure=1").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{place}");
    assert_eq!(town.send("", "GET", "/rides/p", "", String::new()).await.0, StatusCode::NOT_FOUND);
}
