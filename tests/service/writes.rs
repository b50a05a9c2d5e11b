use serde_json::json;

use crate::client::{Service, demo_zip};

#[tokio::test]
async fn a_write_that_comes_again_is_answered_as_before_and_done_once() {
    let service = Service::new().await;
    let body = json!({ "id": "p", "name": "P" });
    let headers = [("authorization", service.key()), ("idempotency-key", "k1")];
    let first = service.call("POST", "/v1/projects", &headers, Some(body.clone())).await.is(201);
    let again = service.call("POST", "/v1/projects", &headers, Some(body.clone())).await.is(201);
    assert_eq!(
        (first.json(), first.header("location"), first.header("etag")),
        (again.json(), again.header("location"), again.header("etag"))
    );
    // The same key for something else, and the same thing without the key.
    let other = json!({ "id": "q", "name": "Q" });
    assert_eq!(
        service.call("POST", "/v1/projects", &headers, Some(other)).await.is(409).json()["code"],
        "key-used-otherwise"
    );
    assert_eq!(service.post("/v1/projects", body).await.is(409).json()["code"], "exists");
    // Another caller's keys are their own.
    let planner = service.user("planner", &[("planner", None, None)]).await;
    let headers = [("authorization", planner.as_str()), ("idempotency-key", "k1")];
    service.call("POST", "/v1/projects", &headers, Some(json!({ "id": "r", "name": "R" }))).await.is(201);
    assert_eq!(service.get("/v1/projects").await.json()["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_refused_write_leaves_nothing_and_may_come_again_with_its_key() {
    let service = Service::new().await;
    let headers = [("authorization", service.key()), ("idempotency-key", "k")];
    let scenario = json!({ "name": "s", "modifications": [] });
    service.call("POST", "/v1/projects/p/scenarios", &headers, Some(scenario.clone())).await.is(404);
    service.post("/v1/projects", json!({ "id": "p", "name": "P" })).await.is(201);
    service.call("POST", "/v1/projects/p/scenarios", &headers, Some(scenario)).await.is(201);
}

#[tokio::test]
async fn who_has_read_an_older_revision_is_told() {
    let service = Service::new().await;
    service.post("/v1/projects", json!({ "id": "p", "name": "P" })).await.is(201);
    let read = service.get("/v1/projects/p").await.is(200);
    let tag = read.header("etag").to_owned();
    let headers = [("authorization", service.key()), ("if-match", tag.as_str())];
    let changed = service.call("PATCH", "/v1/projects/p", &headers, Some(json!({ "name": "One" }))).await.is(200);
    assert_ne!(changed.header("etag"), tag);
    let late = service.call("PATCH", "/v1/projects/p", &headers, Some(json!({ "name": "Two" }))).await.is(412);
    assert_eq!(late.json()["code"], "changed-meanwhile");
    assert_eq!(service.get("/v1/projects/p").await.json()["name"], "One");
}

#[tokio::test]
async fn what_is_wrong_is_named_with_its_field_in_both_languages() {
    let service = Service::new().await;
    let wrong = service.post("/v1/projects", json!({ "id": "A b", "name": "" })).await.is(422).json();
    let fields: Vec<&str> = wrong["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["id", "name"]);
    for part in ["title", "title_zh", "do", "do_zh"] {
        assert!(!wrong["errors"][0][part].as_str().unwrap().is_empty(), "{part}");
    }
    let unknown = service.post("/v1/projects", json!({ "id": "p", "name": "P", "colour": "red" })).await.is(422).json();
    assert!(unknown["errors"][0]["title"].as_str().unwrap().contains("colour"), "{unknown}");
    let headers = [("authorization", service.key()), ("content-type", "application/json")];
    service.raw("POST", "/v1/projects", &headers, b"{".to_vec()).await.is(400);
    service.raw("POST", "/v1/projects", &[("authorization", service.key())], b"id=p".to_vec()).await.is(415);
    service.raw("POST", "/v1/projects", &headers, vec![b' '; (1 << 20) + 1]).await.is(413);
    service.get("/v1/projects?limit=0").await.is(400);
    service.get("/nowhere").await.is(404);
    service.call("PUT", "/health", &[], None).await.is(405);
}

#[tokio::test]
async fn an_upload_is_answered_with_what_was_found_in_it() {
    let service = Service::new().await;
    service.post("/v1/projects", json!({ "id": "p", "name": "P" })).await.is(201);
    let headers = [("authorization", service.key()), ("content-type", "application/zip")];
    service.raw("PUT", "/v1/projects/p/files", &headers, b"no zip".to_vec()).await.is(400);
    let folder = service.raw("PUT", "/v1/projects/p/files", &headers, demo_zip()).await.is(200).json();
    assert_eq!(folder["ready"], true);
    // A survey whose only row is wrong: said with its row and column.
    let octets = [("authorization", service.key()), ("content-type", "application/octet-stream")];
    let survey = "response,origin,destination,time,time_kind,days,use\n1,nowhere,park-a,8点,arrive_by,Mon-Fri,yes\n";
    let found =
        service.raw("PUT", "/v1/projects/p/files/survey.csv", &octets, survey.as_bytes().to_vec()).await.is(200).json();
    let found = found["findings"].as_array().unwrap();
    assert!(found.iter().any(|f| f["file"] == "survey.csv" && f["row"] == 2), "{found:?}");
    service.raw("PUT", "/v1/projects/p/files/virus.exe", &octets, vec![1]).await.is(404);
    let back = service.get("/v1/projects/p/files/survey.csv").await.is(200);
    assert_eq!(back.text(), survey);
}
